/* The second decision: which answers. Runs of this database by a filter, a file, or the items of an earlier version. */

const LINE = '{"prompt": "Why is the sky blue?", "outputs": {"fusion": "Because …", "best": "Light …"}}';

class Source {
  constructor(changed) {
    this.changed = changed;
    this.study = null;
    this.text = null;
    this.kinds = new Choices("Where the answers come from", [["The same items", "study"], ["Runs made here", "runs"], ["A file", "file"]], "runs", (kind) => this.pick(kind), { isQuiet: true });
    this.said = el("p", { class: "fx-hint" });
    this.tags = el("div", { class: "st-checks" });
    this.tagBox = el("fieldset", { class: "lab-choices", hidden: true }, el("legend", { text: "Tags (any of them)" }), this.tags);
    this.language = select([["any", ""]], "", changed);
    this.since = el("input", { class: "fx-input", type: "date", change: changed });
    this.limit = numberInput("", { min: 1, max: 100000, change: changed, placeholder: "all" });
    this.languageBox = field("Language", this.language);
    this.runs = el("div", { class: "st-panel" }, this.said, this.tagBox, el("div", { class: "lab-settings" }, this.languageBox, field("Made since", this.since), field("Newest only", this.limit)));
    this.idBox = el("div", { class: "st-row", hidden: true });
    this.runs.append(this.idBox);
    this.ids = null;
    this.buildFile();
    this.same = el("p", { class: "st-panel fx-hint", text: "Prompts and texts stay as they were; what is asked of people can change." });
    this.node = el("fieldset", { class: "st-decision" }, el("legend", {}, el("b", { "aria-hidden": "true", text: "2" }), "Which answers?"), this.kinds.node, this.runs, this.file, this.same);
    this.pick("runs", true);
  }

  buildFile() {
    this.picker = el("input", { type: "file", class: "fx-sr", tabindex: "-1", "aria-label": "File of answers", accept: ".jsonl,.ndjson,.json,.txt", change: () => this.take(this.picker.files[0]) });
    this.fileName = el("span", { class: "fx-hint", role: "status", text: "or drop it here: JSONL, one prompt a line" });
    const over = (isOver) => (event) => {
      event.preventDefault();
      this.drop.classList.toggle("is-over", isOver);
    };
    this.drop = el("div", { class: "lab-drop", dragover: over(true), dragenter: over(true), dragleave: over(false), drop: (event) => {
      over(false)(event);
      this.take(event.dataTransfer.files[0]);
    } }, button("Choose a file", "note", () => this.picker.click()), this.picker, this.fileName);
    const copy = button("Copy", "copy", () => copyText(LINE, copy), { class: "fx-btn fx-quiet", "aria-label": "Copy the example line" });
    this.file = el("div", { class: "st-panel" }, this.drop, disclosure("What a file looks like", el("p", { class: "fx-hint", text: "One JSON line for each prompt with its outputs by role: fusion, best, vote, single, or a list under candidate. An output is a text, or an object with text and member. A reference and a language may be added." }),
      el("div", { class: "lab-example" }, el("code", { text: LINE }), copy)));
  }

  async take(file) {
    if (!file) return;
    this.picker.value = "";
    this.text = await file.text();
    this.fileName.replaceChildren(foreign(file.name), `, ${counted(linesOf(this.text).length, "line")}`);
    this.changed();
  }

  offer({ runs }) {
    write(this.said, runs.count ? `${counted(runs.count, "run")} in this database${runs.first_at ? `, from ${moment(runs.first_at)} to ${moment(runs.last_at)}` : ""}.` : "No run yet: make some on Compare, or bring a file.");
    this.tags.replaceChildren(...runs.tags.map(({ tag, count }) => {
      const each = check(el("span", {}, foreign(tag), el("span", { class: "fx-hint", text: ` ${plain(count)}` })), false, () => this.changed());
      each.input.value = tag;
      return each.node;
    }));
    show(this.tagBox, runs.tags.length);
    this.language.replaceChildren(el("option", { value: "", text: "any" }), ...runs.languages.map(({ language, count }) => el("option", { value: language, text: `${language} (${plain(count)})` })));
    show(this.languageBox, runs.languages.length > 1);
  }

  pick(kind, isQuiet) {
    this.kind = kind;
    this.kinds.set(kind);
    this.kinds.offer("study", !!this.study);
    for (const [key, node] of [["runs", this.runs], ["file", this.file], ["study", this.same]]) show(node, key === kind);
    if (!isQuiet) this.changed();
  }

  set({ runs, study }) {
    this.study = study || null;
    if (runs) {
      for (const input of this.tags.querySelectorAll("input")) input.checked = runs.tags.includes(input.value);
      this.language.value = runs.language || "";
      this.since.value = runs.since || "";
      this.limit.value = runs.limit || "";
    }
    this.setIds(runs?.ids || null);
    this.pick(study ? "study" : "runs", true);
  }

  setIds(ids) {
    this.ids = ids;
    show(this.idBox, ids);
    if (ids) this.idBox.replaceChildren(el("span", { text: `Only ${counted(ids.length, "chosen run")}.` }), button("Use all runs", "cross", () => {
      this.setIds(null);
      this.changed();
    }, { class: "fx-btn fx-quiet" }));
  }

  /* What the server is asked for; null while a file is still missing. */
  get items() {
    if (this.kind === "study") return { study: this.study };
    if (this.kind === "file") return this.text === null ? null : { file: this.text };
    const tags = [...this.tags.querySelectorAll("input:checked")].map(({ value }) => value);
    return { runs: { ids: this.ids, tags, language: this.language.value || null, since: this.since.value || null, limit: Number(this.limit.value) || null } };
  }
}
