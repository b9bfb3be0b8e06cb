/* What is counted: a line of choices that open below their names. Nothing ticked in a list means all of it. */

const SEARCHED_FROM = 10;
const LEVELS = [["80 %", "0.8"], ["90 %", "0.9"], ["95 %", "0.95"], ["99 %", "0.99"]];
const SETTLE_MS = 350;

/* One choice among several that may all be true. */
class Pick {
  constructor(words, { few, change, foot }) {
    Object.assign(this, { words, few, change });
    this.told = el("span");
    this.summary = el("summary", { class: "fx-btn an-pill" }, this.told);
    this.list = el("div", { class: "an-options" });
    this.search = el("input", { class: "fx-input", type: "search", placeholder: "Find", "aria-label": `Find in ${words}`, input: () => this.sift(), hidden: true });
    this.sheet = el("div", { class: "an-sheet", role: "group", "aria-label": words }, this.search, this.list, hint(foot));
    this.node = el("details", { class: "an-pick", toggle: () => this.place(), keydown: (event) => this.leave(event) }, this.summary, this.sheet);
    this.node.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !this.node.contains(relatedTarget) && this.close());
  }

  /* `options`: value, label, count. Kept while they do not change, so that the focus stays. */
  offer(options, chosen) {
    const told = JSON.stringify(options);
    if (told !== this.offered) {
      this.offered = told;
      this.boxes = options.map(({ value: own, label, count, more }) => {
        const box = check(foreign(label), false, () => this.change(this.chosen()), count === undefined ? null : el("span", { class: "an-count", text: plain(count) }), more || null);
        return { own, label, ...box };
      });
      this.list.replaceChildren(...this.boxes.map(({ node }) => node));
      show(this.search, options.length > SEARCHED_FROM);
      this.sift();
    }
    for (const { own, input } of this.boxes) input.checked = chosen.includes(own);
    this.name();
    show(this.node, options.length);
  }

  chosen() {
    this.name();
    return this.boxes.filter(({ input }) => input.checked).map(({ own }) => own);
  }

  name() {
    const ticked = this.boxes.filter(({ input }) => input.checked);
    const words = this.few(ticked.map(({ label }) => label), this.boxes.length);
    this.told.replaceChildren(el("span", { class: "an-pill-name", text: `${this.words} ` }), foreign(words));
    this.summary.classList.toggle("is-set", ticked.length > 0);
  }

  sift() {
    const wanted = this.search.value.trim().toLowerCase();
    for (const { node, label, input } of this.boxes || []) show(node, !wanted || input.checked || label.toLowerCase().includes(wanted));
  }

  close() {
    this.node.open = false;
  }

  leave(event) {
    if (event.key !== "Escape" || !this.node.open) return;
    event.stopPropagation();
    this.close();
    this.summary.focus();
  }

  /* Inside the window also where the pill stands at its right edge. */
  place() {
    this.sheet.style.translate = "";
    if (!this.node.open) return;
    const { right, left } = this.sheet.getBoundingClientRect();
    const over = right - document.documentElement.clientWidth + 8;
    if (over > 0) this.sheet.style.translate = `${-Math.min(over, left - 8)}px`;
  }
}

const allOrSome = (ticked, all) => (!ticked.length ? `all ${all}` : ticked.length === 1 ? clipped(ticked[0], 28) : `${ticked.length} of ${all}`);

class ChoiceBar {
  constructor(page) {
    this.page = page;
    this.go = settled(() => page.go(this.changes), SETTLE_MS);
    const pick = (words, name, foot) => new Pick(words, { few: allOrSome, foot: foot || "Nothing ticked: all of them.", change: (chosen) => this.put({ [name]: chosen }) });
    this.picks = { study: pick("Studies", "study"), rater: pick("Raters", "rater"), language: pick("Language", "language"), tag: pick("Tag", "tag"), length: pick("Prompt length", "length", "Characters of the prompt. Nothing ticked: all of them.") };
    this.rules = new Pick("Left out", { few: (ticked, all) => (ticked.length === all ? "by all rules" : counted(ticked.length, "rule")), foot: "Ticked: such judgements do not count.", change: (chosen) => this.put({ leave_out: chosen }) });
    this.by = new Choices("Compare", [["By role", "role"], ["By member", "member"]], page.address.by, (by) => this.put({ by }), { isQuiet: true });
    this.open = check("Open ratings too", false, (isChecked) => this.put({ open: isChecked ? "1" : "0" }));
    this.open.node.title = "Ratings given while the names were known; kept apart unless asked for";
    this.level = select(LEVELS, "0.95", (level) => this.put({ level }), { "aria-label": "Level of the intervals" });
    this.reset = button("Reset", "redo", () => page.go(USUAL), { class: "fx-btn fx-quiet" });
    this.counts = el("p", { class: "an-counts", role: "status" });
    this.unfold = button("Choose what counts", "pen", () => this.turn(!this.node.classList.contains("is-open")), { class: "fx-btn an-unfold", "aria-expanded": "false" });
    this.node = el("section", { class: "fx-card an-bar", "aria-label": "What is counted" }, this.unfold,
      el("div", { class: "an-pills" }, ...Object.values(this.picks).map(({ node }) => node), this.rules.node, this.by.node, this.open.node, el("label", { class: "an-level" }, el("span", { class: "fx-hint", text: "Intervals" }), this.level), this.reset),
      this.counts);
    document.addEventListener("pointerdown", ({ target }) => {
      for (const each of [...Object.values(this.picks), this.rules]) if (!each.node.contains(target)) each.close();
    });
  }

  /* A phone shows the choices when they are asked for, so that the answer stands on its first screen. */
  turn(isOpen) {
    this.node.classList.toggle("is-open", isOpen);
    this.unfold.setAttribute("aria-expanded", String(isOpen));
  }

  /* Several ticks in a row are one question. */
  put(changes) {
    this.changes = { ...this.changes, ...changes };
    this.go();
  }

  take(facts) {
    this.changes = {};
    const { choices, left_out: rules } = facts;
    const address = this.page.address;
    this.picks.study.offer(choices.studies.map(({ id, title, judgements, is_blind: isBlind, kind }) => ({ value: id, label: title || KINDS_OF_SOURCE[kind] || id, count: judgements, more: isBlind ? null : badge("plain", null, foreign("open")) })), address.study);
    const plainly = ([own, number]) => ({ value: own, label: own, count: number });
    for (const [name, offered] of [["rater", choices.raters], ["language", choices.languages], ["tag", choices.tags], ["length", choices.lengths.filter(([own, number]) => number || address.length.includes(own))]]) this.picks[name].offer(offered.map(plainly), address[name]);
    const switched = rules.filter(({ rule }) => SWITCHED.includes(rule));
    this.rules.offer(switched.map(({ rule, words, judgements }) => ({ value: rule, label: words, count: judgements })), switched.filter(({ is_applied: isApplied }) => isApplied).map(({ rule }) => rule));
    this.by.set(address.by);
    this.open.input.checked = address.open === "1";
    this.level.value = [...this.level.options].some(({ value: own }) => Number(own) === facts.asked.level) ? String(facts.asked.level) : "";
    show(this.reset, !address.isUsual);
    this.tell(facts);
  }

  tell({ counts, seconds: took, both_bad: bad }) {
    const told = [[counts.judgements, "judgement"], [counts.prompts, "prompt"], [counts.raters, "rater"]].map(([number, noun]) => [plain(number), number === 1 ? noun : `${noun}s`]);
    this.counts.replaceChildren(...told.flatMap(([number, noun]) => [el("strong", { text: number }), ` ${noun} `]),
      el("span", { class: "fx-hint", text: [counts.skips && `${plain(counts.skips)} skipped`, has(bad) && `both bad ${percent(bad.value)}${hasRange(bad) ? ` (${range(bad, percent)})` : ""}`, `reckoned in ${plain(took, 2)} s`].filter(Boolean).map((words) => `· ${words} `).join("") }));
  }

  /* Only what can be said without an answer. */
  busy(words) {
    write(this.counts, words);
  }
}
