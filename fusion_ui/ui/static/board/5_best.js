/* The Best-of-N pick: which candidate, by whose judgement, and what to doubt about it. */

function topCard(kind, name, iconName, intro) {
  const title = el("h2", { class: "fx-h" }, icon(iconName), name);
  const aside = el("span", { class: "fx-aside" });
  const body = el("div", { class: "fx-inside" }, el("p", { class: "fx-hint", text: intro }));
  const foot = el("footer", { hidden: true });
  const node = el("section", { class: `fx-card fx-top-card fx-${kind}`, "aria-label": name, tabindex: "-1" },
    el("header", {}, title, aside), body, foot);
  return { node, aside, body, foot };
}

function skeleton() {
  return el("div", { class: "fx-skeleton", "aria-hidden": "true" }, ...Array.from({ length: 8 }, () => el("i")));
}

class BestCard {
  constructor(board) {
    this.board = board;
    this.card = {};
    Object.assign(this, topCard("best", "Best-of-N pick", "crown", "The one candidate that a judge, the vote or the consensus likes best, with its score and the reason."));
    this.body.append(skeleton());
    this.prose = new Prose("Text of the Best-of-N pick");
    this.why = el("div", { class: "fx-why" });
  }

  update(fresh) {
    const card = Object.assign(this.card, fresh);
    this.node.dataset.state = card.state;
    if (card.state === "done") this.drawPick(card);
    else this.drawWaiting(card);
  }

  drawWaiting(card) {
    const words = [card.selector, card.verdicts ? `${card.verdicts} so far` : "picks when sampling stops"].join(" · ");
    const parts = [el("p", { class: "fx-hint", text: card.state === "failed" && !card.failure ? "No pick was made." : words })];
    if (card.failure) parts.push(trouble(card.failure));
    else if (card.state === "waiting") parts.push(skeleton());
    this.body.replaceChildren(...parts);
  }

  drawPick(card) {
    this.prose.speaks(card.lang);
    this.prose.finish(card.html, card.text);
    this.aside.replaceChildren(button(`Candidate ${card.position}`, "arrow", () => this.board.jump(card.position),
      { class: `fx-btn fx-jump ${hue(card.position)}`, "aria-label": `Go to candidate ${card.position}, ${card.member}` }));
    this.why.replaceChildren(
      el("p", { class: "fx-line" }, foreign(card.member, "fx-name"), el("span", { class: "fx-score", text: card.score }),
        card.answer !== null ? el("span", { class: "fx-answer" }, "Answer ", foreign(card.answer, "fx-key")) : null),
      el("p", { class: "fx-reason" }, el("strong", { text: card.selector }), card.reason ? el("span", { dir: "auto", text: card.reason }) : null),
      ...card.doubts.map((words) => el("p", { class: "fx-doubt" }, icon("warn"), el("span", { text: words }))),
      card.failure ? trouble(card.failure) : "");
    if (this.verdict) return;
    this.body.replaceChildren(this.why, el("h3", { class: "fx-sr", text: "Its text" }), this.prose.node);
    this.verdict = new Verdict(this.board.rating, "best", `candidate:${card.position}`, "the Best-of-N pick");
    show(this.verdict.node, true);
    this.foot.replaceChildren(this.verdict.node, textTools(this.prose, "the Best-of-N pick"));
    show(this.foot, true);
    this.board.rating.redraw();
  }
}
