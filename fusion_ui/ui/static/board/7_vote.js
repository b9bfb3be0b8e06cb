/* The vote: who leads, how settled that is, and why sampling stopped. */

class VoteCard {
  constructor(board) {
    this.board = board;
    this.card = {};
    Object.assign(this, topCard("vote", "Vote", "vote", "Which final answer most candidates give, and how settled that is. Sampling stops as soon as it is."));
    this.body.append(el("div", { class: "fx-ghost", "aria-hidden": "true" }, el("i"), el("i"), el("i")));
    this.headline = el("p", { class: "fx-headline" });
    this.rows = el("ul", { class: "fx-rows" });
    this.meter = el("div", { class: "fx-gauge" });
    this.strip = el("ol", { class: "fx-strip", "aria-label": "Draws in order of asking" });
    this.draws = el("p", { class: "fx-hint" });
    this.why = el("p", { class: "fx-stopped" });
    this.fallback = el("p", { class: "fx-stopped" });
    this.explained = el("p", { class: "fx-hint" });
    this.explain = disclosure("What does stability mean?", this.explained);
    this.reference = foreign("", "fx-key");
    this.gold = disclosure("Reference answer", el("p", {}, this.reference));
  }

  update(fresh) {
    const card = Object.assign(this.card, fresh);
    this.node.dataset.state = card.state;
    if (!this.body.contains(this.rows)) {
      this.body.replaceChildren(this.headline, this.fallback, this.why, this.rows, this.meter, this.strip, this.draws, this.explain, this.gold);
    }
    this.drawHeadline(card);
    this.drawRows(card);
    this.drawMeter(card);
    this.drawStrip(card.strip);
    write(this.draws, card.draws);
    this.say(this.why, "stop", card.why);
    this.say(this.fallback, "vote", card.fallback);
    write(this.explained, card.explained);
    show(this.explain, card.stability);
    show(this.gold, card.reference !== null);
    write(this.reference, card.reference || "");
    if (!this.verdict && card.state === "done" && card.votes) this.drawVerdict();
  }

  drawVerdict() {
    this.verdict = new Verdict(this.board.rating, "vote", null, "the vote");
    show(this.verdict.node, true);
    this.foot.replaceChildren(this.verdict.node);
    show(this.foot, true);
    this.board.rating.redraw();
  }

  say(node, iconName, words) {
    show(node, words);
    if (node.textContent !== words) node.replaceChildren(...[iconName && icon(iconName), el("span", { text: words })].filter(Boolean));
  }

  drawHeadline(card) {
    show(this.headline, card.leaders.length);
    const votes = card.rows.length ? card.rows[0].count : 0;
    this.headline.replaceChildren(
      ...(card.leaders.length > 1 ? [el("span", { class: "fx-tie", text: "Tie" })] : []),
      ...card.leaders.slice(0, 3).map((answer) => foreign(answer, "fx-leader")),
      el("span", { class: "fx-tallied" }, el("span", { text: `${votes} of ${card.votes} ${card.votes === 1 ? "vote" : "votes"}${card.leaders.length > 1 ? " each" : ""}` }),
        el("strong", { text: card.stability })));
  }

  drawRows(card) {
    const rows = card.rows.map((row, rank) => this.row(foreign(row.answer, "fx-key"), row.share, row.positions, { rank, leads: row.leads }));
    if (card.unanswered.length) rows.push(this.row(el("span", { text: "No answer found" }), 0, card.unanswered, { isNone: true }));
    this.rows.replaceChildren(...rows);
  }

  row(label, share, positions, { rank, leads, isNone }) {
    const bar = el("i", { class: rank < 5 ? `fx-r${rank + 1}` : "fx-r6" });
    bar.style.inlineSize = `${100 * share}%`;
    return el("li", { class: isNone ? "is-none" : leads ? "is-lead" : null },
      el("span", { class: "fx-row-answer" }, label),
      el("span", { class: "fx-bar", "aria-hidden": "true" }, isNone ? null : bar),
      el("span", { class: "fx-count", text: `${positions.length}` }, el("span", { class: "fx-sr", text: isNone ? " draws" : positions.length === 1 ? " vote" : " votes" })),
      el("span", { class: "fx-voters" }, ...positions.map((position) => this.board.pointer(position))));
  }

  drawMeter({ meter, votes }) {
    show(this.meter, meter && votes);
    if (!meter) return;
    const bar = el("i", { class: meter.passed ? "is-passed" : null });
    bar.style.inlineSize = `${100 * meter.filled}%`;
    const line = el("b");
    line.style.insetInlineStart = `${100 * meter.line}%`;
    this.meter.replaceChildren(
      el("p", {}, el("span", { text: meter.name }), el("strong", { text: meter.value }),
        el("span", { class: "fx-hint", text: meter.passed ? `${meter.needed}: reached` : meter.needed })),
      el("div", { class: "fx-meter", role: "meter", "aria-label": `${meter.name} against the threshold`, "aria-valuemin": "0", "aria-valuemax": "100",
        "aria-valuenow": String(Math.round(100 * meter.filled)), "aria-valuetext": `${meter.value}, ${meter.needed}` }, bar, line));
  }

  drawStrip(cells) {
    show(this.strip, cells.length);
    this.strip.replaceChildren(...cells.map((cell) => {
      const words = cell.answer !== null ? cell.answer : cell.state === "done" ? "none" : { failed: "failed", cancelled: "not used", open: "…" }[cell.state];
      const kind = cell.state !== "done" ? `is-${cell.state}` : cell.rank === null ? "is-none" : cell.rank < 5 ? `fx-r${cell.rank + 1}` : "fx-r6";
      return el("li", { class: `fx-cell ${kind}${cell.stop ? " is-stop" : ""}${cell.state === "done" && !cell.counted ? " is-late" : ""}`, title: `Draw ${cell.position}: ${words}` },
        el("span", { class: "fx-cell-no", text: String(cell.position) }), foreign(words, "fx-cell-key"),
        cell.stop ? el("span", { class: "fx-sr", text: ", sampling stopped here" }) : null);
    }));
  }
}
