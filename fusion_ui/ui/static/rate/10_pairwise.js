/* Two answers: which is better, and how much. */

class Pairwise {
  constructor(screen, letters) {
    this.screen = screen;
    this.letters = letters;
    const [left, right] = letters;
    this.verdicts = [this.choice("left", `${left} better`, left), this.choice("tie", "Tie", "tie"), this.choice("bad", "Both bad", "all_bad"), this.choice("right", `${right} better`, right)];
    this.much = el("input", { type: "checkbox", change: () => this.choose(this.verdict, this.much.checked ? 2 : 1) });
    this.strength = el("label", { class: "rate-much fx-check" }, this.much, el("span", { text: "much better" }), el("kbd", { "aria-hidden": "true", text: "⇧" }));
    this.node = el("div", { class: "rate-verdicts", role: "group", "aria-label": "Which answer is better?" }, ...this.verdicts.map(({ node }) => node));
    this.extra = this.strength;
  }

  static keys(screen, letters) {
    const [left, right] = letters;
    const choose = (verdict, strength) => () => screen.task.choose(verdict, strength);
    return [
      { id: "left", chord: "f", words: `${left} better`, act: choose(left, 1) },
      { id: "left-much", chord: "shift+f", words: `${left} much better`, act: choose(left, 2) },
      { id: "right", chord: "j", words: `${right} better`, act: choose(right, 1) },
      { id: "right-much", chord: "shift+j", words: `${right} much better`, act: choose(right, 2) },
      { id: "tie", chord: "t", words: "Tie", act: choose("tie", 0) },
      { id: "bad", chord: "b", words: "Both bad", act: choose("all_bad", 0) },
    ];
  }

  choice(id, words, verdict) {
    const isSide = this.letters.includes(verdict);
    const node = el("button", { type: "button", class: `fx-btn rate-verdict rate-is-${id}`, "aria-pressed": "false",
      click: (event) => this.choose(verdict, isSide ? (event.shiftKey ? 2 : 1) : 0) },
    this.screen.keys.cap(id), el("span", { text: words }));
    return { node, verdict };
  }

  get verdict() {
    return this.screen.judgement.verdict;
  }

  choose(verdict, strength) {
    Object.assign(this.screen.judgement, { verdict, strength });
    this.screen.changed();
  }

  toolsOf() {
    return [];
  }

  draw(judgement) {
    for (const { node, verdict } of this.verdicts) {
      const isChosen = judgement.verdict === verdict;
      node.setAttribute("aria-pressed", String(isChosen));
      node.classList.toggle("is-much", isChosen && judgement.strength === 2);
    }
    this.strength.classList.toggle("is-off", !this.letters.includes(judgement.verdict));
    this.much.checked = judgement.strength === 2;
    for (const { node, letter } of this.screen.answers.columns) node.classList.toggle("is-chosen", letter === judgement.verdict);
  }

  isChosen(judgement) {
    return judgement.verdict !== null;
  }

  problem(judgement) {
    return this.isChosen(judgement) ? null : "Choose first: which answer is better?";
  }
}
