/* New study: three decisions, everything else folded away, and what comes of it beside them while it is filled in. */

const FORM_KEY = "fx-study-form";
const SETTLE_MS = 350;

class Form {
  constructor(page) {
    this.page = page;
    this.settle = settled(() => this.ask(), SETTLE_MS);
    const changed = () => this.changed();
    this.kind = new Kind(() => this.compared());
    this.source = new Source(changed);
    this.people = new People(changed);
    this.rules = new Rules(changed);
    this.preview = new Preview({ mask: () => this.maskNames(), step: (by) => this.turn(by) });
    this.card = section("New study", "Three decisions make a study; everything else has a sensible default.", "new");
    this.card.aside.append(button("Cancel", "cross", () => page.go(this.base ? { study: this.base.id } : {}), { class: "fx-btn fx-quiet" }));
    this.title = el("input", { class: "fx-input", type: "text", maxlength: "200", input: () => {
      this.isTitled = this.title.value.trim() !== "";
      changed();
    } });
    this.closing = check("Close the earlier version: nobody judges it any more", true, () => {});
    this.kept = el("p", { class: "st-kept", hidden: true }, el("span", { text: "This is what you had filled in before." }), button("Start over", "redo", () => this.startOver(), { class: "fx-btn fx-quiet" }));
    this.create = command("Create the study", "check", () => this.make(), { class: "fx-btn fx-primary" });
    this.brief = el("span", { class: "fx-hint st-brief" });
    this.card.body.append(this.kept, this.kind.node, this.source.node, this.people.node, field("Title", this.title), this.rules.node, this.closing.node);
    this.foot = el("div", { class: "st-foot" }, this.create.node, this.brief);
    this.card.node.append(this.foot);
    this.node = el("div", { class: "st-form" }, this.card.node, this.preview.node);
  }

  /* The newest opening counts: what an earlier one was for may come late. */
  async open({ base, runs }) {
    const opening = {};
    Object.assign(this, { opening, base: null, options: null, made: null, place: 0 });
    this.preview.wait("Reading what there is …");
    write(this.brief, "");
    this.card.body.inert = true; // what is filled in before there are options would be overwritten by them
    try {
      const options = await this.page.options(true);
      const board = base ? await get(`${STUDIES}/${encodeURIComponent(base)}/board`) : null;
      if (this.opening !== opening) return;
      this.options = options;
      for (const part of [this.kind, this.source, this.people]) part.offer(options);
      this.begin(board, runs);
    } catch (error) {
      if (this.opening === opening) this.preview.refuse(error.message);
    }
  }

  begin(board, runs) {
    this.base = board;
    const kept = board || runs ? null : memory.get(FORM_KEY);
    write(this.card.heading, board ? `New version of ${board.title}` : "New study");
    relabel(this.create.control, board ? `Create version ${board.version + 1}` : "Create the study");
    show(this.closing.node, board && !board.is_closed);
    show(this.kept, kept);
    const fresh = { ...this.options.defaults, overlap: 2, raters: [], title: "", items: { runs: { ids: runs || null, tags: [], language: null, since: null, limit: null } } };
    const filled = board ? { ...board.protocol, title: board.title, items: { study: board.id } } : kept || fresh;
    this.rules.known.expect(board ? board.units : []);
    this.fill({ ...fresh, ...filled });
    this.card.body.inert = false;
    this.changed();
  }

  fill(form) {
    this.kind.set(form);
    this.source.set(form.items);
    this.people.set(form);
    this.rules.set(form, this.options);
    this.isTitled = !!form.title;
    this.title.value = form.title;
  }

  startOver() {
    memory.set(FORM_KEY, null);
    this.begin(null, null);
    this.card.heading.focus();
  }

  /* A rubric needs criteria, so the usual ones are filled in. */
  compared() {
    if (this.options && this.kind.task === "rubric" && !this.rules.criteria.value.length) this.rules.criteria.set(this.options.rubric);
    this.changed();
  }

  get value() {
    const { task, contrasts } = this.kind;
    return { title: this.title.value.trim(), items: this.source.items, task, contrasts, overlap: Number(this.people.overlap.value), raters: this.people.raters, ...this.rules.value, supersedes: this.base ? this.base.id : null };
  }

  changed() {
    if (!this.options) return; // nothing was offered yet, or it could not be read
    if (!this.isTitled) this.title.value = this.kind.contrasts.length ? this.kind.title : "";
    if (!this.base) {
      const { items, training, gold, supersedes, ...rest } = this.value;
      memory.set(FORM_KEY, { ...rest, title: this.isTitled ? rest.title : "", items: items?.runs && !items.runs.ids ? items : { runs: { ids: null, tags: [], language: null, since: null, limit: null } } });
    }
    this.made = null;
    this.key = null;
    this.settle();
  }

  turn(by) {
    this.place = Math.max(0, this.place + by);
    this.ask();
  }

  maskNames() {
    this.rules.ticks.masks_names.input.checked = true;
    this.changed();
  }

  /* The newest question counts; an older answer that comes late is dropped. */
  async ask() {
    const form = this.value;
    this.settle.cancel();
    this.asking?.abort();
    if (this.node.hidden) return;
    write(this.brief, "");
    if (!form.items) return this.preview.wait("Choose the file of answers.");
    if (!form.contrasts.length) return this.preview.wait("Choose the outputs to compare, two at least.");
    const asking = new AbortController();
    this.asking = asking;
    try {
      const preview = await post(`${STUDIES}/preview`, { ...form, show: this.place }, asking.signal);
      if (asking.signal.aborted) return;
      this.made = preview;
      this.place = Math.max(0, Math.min(this.place, preview.units - 1));
      this.rules.known.offer(preview.list);
      this.preview.draw(preview, { ...form, show: this.place });
      write(this.brief, `${counted(preview.units, "item")}, ${counted(preview.trials, "judgement")}`);
    } catch (error) {
      if (!asking.signal.aborted) this.preview.refuse(error.message);
    }
  }

  async make() {
    const form = this.value;
    if (this.options && !form.title) {
      this.title.focus();
      throw new Error("The study needs a title.");
    }
    if (!this.made && this.options) await this.ask();
    if (!this.made) throw new Error("This cannot be made yet: see the preview.");
    if (!this.made.units) throw new Error("There is nothing to judge: choose other answers.");
    this.key = this.key || newKey(); // pressed again after a lost reply, it is still one study
    const { study_id: id } = await post(STUDIES, { ...form, units_sha256: this.made.units_sha256, key: this.key });
    this.key = null;
    memory.set(FORM_KEY, null);
    if (this.base && !this.base.is_closed && this.closing.input.checked) await post(`${STUDIES}/${encodeURIComponent(this.base.id)}/close`, {});
    this.page.forget();
    this.page.go({ study: id }, { isMade: true });
  }
}
