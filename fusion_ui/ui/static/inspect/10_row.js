/* One run in the list: its prompt, where the searched words stand, what went wrong, and its figures. */

const MARKED_PAIRS = 2;
const LOSS_KINDS = { nobody: "warn", outvoted: "warn", misjudged: "warn", broken: "warn", repaired: "ok" };
const RIGHT = [["vote", "Vote"], ["best", "Pick"], ["fusion", "Fusion"]];

class RunRow {
  constructor(list, card) {
    Object.assign(this, { list, card, id: card.run_id });
    const { screen } = list.browser;
    this.tick = el("input", { type: "checkbox", "aria-label": `Select: ${clipped(card.prompt, 80)}`, change: () => list.selection.set(this.id, this.tick.checked) });
    this.link = stepTo(screen.caseHref(this.id), () => list.openCase(this.id), { class: "in-prompt", dir: "auto" }, ...this.promptWords());
    this.node = el("li", { class: "in-row", "data-run": this.id, click: (event) => this.press(event) }, el("label", { class: "in-tick" }, this.tick),
      el("div", { class: "in-row-body" }, this.link, this.excerpt(), this.signs(), this.figures()));
  }

  /* The prompt itself carries the hits where they are in its beginning. */
  promptWords() {
    const { prompt, excerpt, where } = this.card;
    const isWhole = where === "prompt" && collapsed(prompt) === collapsed(excerpt.map(({ text }) => text).join(""));
    this.isLit = isWhole;
    return isWhole ? lit(excerpt) : [prompt.trim() || "(an empty prompt)"];
  }

  excerpt() {
    const { excerpt, where } = this.card;
    if (this.isLit || !excerpt.length) return null;
    return el("p", { class: "in-excerpt" }, el("span", { class: "in-where", text: capital(where || "text") }), el("bdi", { dir: "auto" }, ...lit(excerpt)));
  }

  signs() {
    const { card } = this;
    const signs = [...this.rights(), ...this.losses(), ...this.disagreements(), this.flaws(), this.trouble(), ...this.kinds()].filter(Boolean);
    return signs.length ? el("p", { class: "fx-badges in-signs" }, ...signs) : null;
  }

  /* Who was right, in marks and in words. */
  rights() {
    const { right } = this.card;
    if (!right) return [];
    const told = RIGHT.filter(([name]) => right[name] !== null && right[name] !== undefined);
    return told.length ? [el("span", { class: "in-rights" }, ...told.map(([name, label]) => el("span", { class: right[name] ? "is-right" : "is-wrong" }, icon(right[name] ? "check" : "cross"), el("span", { text: label }), el("span", { class: "fx-sr", text: right[name] ? " right" : " wrong" }))))] : [];
  }

  losses() {
    return this.card.loss.filter((flag) => LOSS_KINDS[flag]).map((flag) => badge(LOSS_KINDS[flag], null, LOSSES[flag]));
  }

  /* Where the reference is known, who was right says the rest. */
  disagreements() {
    const pairs = this.card.disagree.filter((pair) => !pair.endsWith("-gold"));
    const shown = pairs.length > MARKED_PAIRS + 1 ? pairs.slice(0, MARKED_PAIRS) : pairs;
    const rest = pairs.length - shown.length;
    return [...shown.map((pair) => badge("live", null, capital(disagreement(pair)))), rest ? badge("live", null, `${rest} more pairs disagree`) : null];
  }

  flaws() {
    const { count, worst } = this.card.flaws;
    return count ? badge("warn", "pen", `${counted(count, "flaw")}${worst ? `, worst ${worst}` : ""}`) : null;
  }

  trouble() {
    const { failures, draws } = this.card;
    return failures ? badge("warn", "warn", `${plain(failures)} of ${counted(draws, "draw")} failed`) : null;
  }

  kinds() {
    const { ended, origin } = this.card;
    return [ended && ended !== "completed" ? badge("plain", null, ENDS[ended] || ended) : null, origin === "scripted" ? badge("demo", null, "demo") : null, origin === "recorded" ? badge("plain", null, "recorded") : null];
  }

  figures() {
    const { card } = this;
    const told = [
      ["Members", listedMembers(card.members)],
      ["Draws", counted(card.draws, "draw")],
      ["Stop", card.stop && card.stop !== "none" ? STOPS[card.stop] || card.stop : null],
      ["Stability", card.stability === null ? null : `stability ${percent(card.stability, card.stability > 0.995 && card.stability < 1 ? 1 : 0)}`],
      ["Cost", card.cost === null ? null : money(card.cost)],
      ["Ratings", card.ratings ? counted(card.ratings, "rating") : null],
      ["Language", card.language ? languageName(card.language) : null],
      ["Tags", card.tags.length ? card.tags.slice(0, 3).join(", ") : null],
    ].filter(([, words]) => words);
    return el("p", { class: "in-figures" }, el("time", { datetime: card.started_at, text: moment(card.started_at) }), ...told.map(([, words]) => foreign(words)));
  }

  /* A press beside the words opens the case as well, unless words are being selected. */
  press(event) {
    if (event.target.closest("a, label, button, input") || String(getSelection())) return;
    this.link.click();
  }

  mark(isSelected) {
    this.tick.checked = isSelected;
    this.node.classList.toggle("is-selected", isSelected);
  }
}

const collapsed = (text) => text.replace(/\s+/g, " ").trim();
const lit = (pieces) => pieces.map(({ text, hit }) => (hit ? el("mark", { text }) : text));
const listedMembers = (names) => (names.length > 3 ? `${names.slice(0, 2).join(", ")} and ${names.length - 2} more` : names.join(", "));
