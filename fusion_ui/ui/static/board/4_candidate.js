/* One candidate: who, how it stands, what it says, and what a person makes of it. */

const STATE_ICONS = { waiting: "clock", thinking: "think", writing: "pen", done: "check", failed: "cross", cancelled: "stop" };

class CandidateCard {
  constructor(board, position) {
    this.board = board;
    this.position = position;
    this.card = {};
    const name = `candidate ${position}`;
    this.prose = new Prose(`Text of ${name}`);
    this.member = foreign("", "fx-name");
    this.model = foreign("", "fx-model");
    this.badges = el("span", { class: "fx-badges" });
    this.state = el("span", { class: "fx-state" });
    this.facts = el("span", { class: "fx-spent" });
    this.line = el("div", { class: "fx-line", hidden: true });
    this.trouble = el("div", { hidden: true });
    this.thought = el("pre", { class: "fx-raw", dir: "auto" });
    this.thinking = disclosure("Thinking", this.thought);
    this.thinking.hidden = true;
    this.verdict = new Verdict(board.rating, `candidate:${position}`, `candidate:${position}`, name);
    this.tools = textTools(this.prose, name, () => board.sources.light());
    this.node = el("article", { class: "fx-card fx-cand", tabindex: "-1" },
      el("header", {},
        el("h3", { class: "fx-who" },
          el("span", { class: `fx-av ${hue(position)}`, "aria-hidden": "true", text: String(position) }),
          el("span", { class: "fx-sr", text: `Candidate ${position} · ` }), this.member),
        this.model, this.badges),
      el("p", { class: "fx-status" }, this.state, this.facts),
      this.line, this.trouble, this.thinking, this.prose.node,
      el("footer", {}, this.verdict.node, this.tools));
  }

  update(fresh) {
    const card = Object.assign(this.card, fresh);
    this.node.setAttribute("aria-label", `Candidate ${this.position} · ${card.member}`);
    this.node.dataset.state = card.state;
    write(this.member, card.member);
    write(this.model, card.model === card.member ? "" : card.model);
    this.model.title = card.model;
    this.prose.speaks(card.lang);
    this.state.replaceChildren(icon(STATE_ICONS[card.state]), el("span", { text: card.state }));
    write(this.facts, [card.note, ...card.facts].filter(Boolean).join(" · "));
    this.node.classList.toggle("is-best", card.best);
    this.drawBadges(card);
    this.drawLine(card);
    this.drawTrouble(card);
    if (card.thought) this.think(card.thought, true);
    if ("html" in card) this.prose.finish(card.html, card.text, () => this.board.sources.light());
    show(this.prose.node, card.state !== "cancelled" && !(card.state === "failed" && !card.text));
    show(this.verdict.node, card.state === "done");
    show(this.tools, Boolean(card.text));
  }

  append(piece, isReset) {
    this.prose.append(piece, isReset);
    if (piece.thought) this.think(piece.thought, isReset);
  }

  think(text, isWhole) {
    show(this.thinking, true);
    if (isWhole) write(this.thought, text);
    else this.thought.append(text);
  }

  drawBadges(card) {
    this.badges.replaceChildren(...[
      card.best && badge("best", "crown", "Best-of-N pick"),
      card.recorded && badge("plain", null, "Recorded"),
    ].filter(Boolean));
  }

  drawLine(card) {
    const parts = [];
    if (card.answer !== null) parts.push(el("span", { class: "fx-answer" }, "Answer ", foreign(card.answer, "fx-key")));
    else if (card.state === "done") parts.push(el("span", { class: "fx-answer is-none", text: "No answer found" }));
    if (card.leads) parts.push(badge("lead", "vote", card.leads));
    if (card.score) parts.push(el("span", { class: "fx-score", text: card.score }));
    if (card.cut) parts.push(badge("warn", "warn", card.cut));
    this.line.replaceChildren(...parts);
    show(this.line, parts.length);
  }

  drawTrouble(card) {
    show(this.trouble, card.failure || card.state === "cancelled");
    if (card.state === "cancelled") {
      this.trouble.replaceChildren(el("p", { class: "fx-hint", text: "Not needed: sampling had stopped before this draw was finished." }));
    } else if (card.failure) {
      const retry = card.retry && button("Retry", "redo", () => this.board.retry(this.position, retry));
      this.trouble.replaceChildren(trouble(card.failure, retry || null));
    }
  }

  jump(passage) {
    this.node.focus({ preventScroll: true });
    this.node.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
    const said = passage !== undefined && this.prose.inner.querySelector(`.fx-said[data-s="${Number(passage)}"]`);
    if (said) said.scrollIntoView({ block: "nearest" });
  }
}
