/* Several answers: the best and the worst of them. */

class BestWorst {
  constructor(screen, letters) {
    this.screen = screen;
    this.letters = letters;
    this.picks = [];
    this.all = [["bad", letters.length === 2 ? "Both bad" : "All bad", "all_bad"]].map(([id, words, verdict]) => ({ verdict,
      node: el("button", { type: "button", class: "fx-btn rate-verdict", "aria-pressed": "false", click: () => this.decide(verdict) }, screen.keys.cap(id), el("span", { text: words })) }));
    this.said = el("p", { class: "rate-said" });
    this.node = el("div", { class: "rate-verdicts", role: "group", "aria-label": "Which answer is best, which worst?" }, this.said, ...this.all.map(({ node }) => node));
  }

  static keys(screen, letters) {
    return [
      ...letters.map((letter, at) => ({ id: `best-${letter}`, chord: String(at + 1), words: `${letter} is best`, act: () => screen.task.pick("best", letter) })),
      ...letters.map((letter, at) => ({ id: `worst-${letter}`, chord: `shift+${at + 1}`, words: `${letter} is worst`, act: () => screen.task.pick("worst", letter) })),
      { id: "bad", chord: "b", words: "All bad", act: () => screen.task.decide("all_bad") },
    ];
  }

  toolsOf(letter) {
    return ["best", "worst"].map((which) => {
      const node = el("button", { type: "button", class: `fx-btn rate-pick is-${which}`, "aria-pressed": "false", "aria-label": `${letter} ${which}`, click: () => this.pick(which, letter) },
        el("span", { text: which === "best" ? "Best" : "Worst" }), this.screen.keys.cap(`${which}-${letter}`));
      this.picks.push({ node, which, letter });
      return node;
    });
  }

  /* The same answer cannot be both; a second press takes a pick back. */
  pick(which, letter) {
    const { judgement } = this.screen;
    const other = which === "best" ? "worst" : "best";
    const isSame = judgement[which] === letter;
    judgement[which] = isSame ? null : letter;
    if (judgement[other] === letter) judgement[other] = null;
    if (this.letters.length === 2 && !isSame) judgement[other] = this.letters.find((each) => each !== letter);
    judgement.verdict = judgement.best && judgement.worst ? "ranking" : null;
    judgement.strength = 0;
    this.screen.changed();
  }

  decide(verdict) {
    Object.assign(this.screen.judgement, { verdict, best: null, worst: null, strength: 0 });
    this.screen.changed();
  }

  draw(judgement) {
    for (const { node, which, letter } of this.picks) node.setAttribute("aria-pressed", String(judgement[which] === letter));
    for (const { node, verdict } of this.all) node.setAttribute("aria-pressed", String(judgement.verdict === verdict));
    write(this.said, `Best: ${judgement.best || "–"}   Worst: ${judgement.worst || "–"}`);
    for (const { node, letter } of this.screen.answers.columns) {
      node.classList.toggle("is-chosen", letter === judgement.best);
      node.classList.toggle("is-worst", letter === judgement.worst);
    }
  }

  isChosen(judgement) {
    return judgement.verdict !== null;
  }

  problem(judgement) {
    if (this.isChosen(judgement)) return null;
    if (!judgement.best) return "Choose the best answer first.";
    return "Choose the worst answer too.";
  }
}
