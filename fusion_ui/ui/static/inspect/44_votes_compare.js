/* The vote before and after a correction, beside each other: who leads, how settled it is, and where the run's own rule
   would have stopped. The figures are the server's; here they are laid side by side and what differs is marked. */

class VotesCompare {
  constructor() {
    this.before = el("section", { class: "ct-vote", "aria-label": "Before" });
    this.after = el("section", { class: "ct-vote", "aria-label": "After" });
    this.node = el("div", { class: "ct-compare" }, this.before, this.after);
  }

  draw(before, after) {
    const [old, fresh] = [before, after].map((vote) => this.facts(vote));
    this.before.replaceChildren(...this.column("Before", before, old, null));
    this.after.replaceChildren(...(after ? this.column("After", after, fresh, old) : [el("h4", { class: "ct-h4", text: "After" }), el("p", { class: "fx-hint", text: "Counting …" })]));
  }

  trouble(words, again) {
    this.after.replaceChildren(el("h4", { class: "ct-h4", text: "After" }), el("div", { class: "fx-alert" }, tabNotice(words, button("Try again", "redo", again))));
  }

  facts(vote) {
    if (!vote) return [];
    const leader = !vote.leaders.length ? "nobody" : vote.leaders.length > 1 ? `tie of ${vote.leaders.map((each) => clipped(each, 40)).join(", ")}` : vote.leaders[0];
    return [
      ["Leader", foreign(clipped(leader, 160), "fx-key"), leader],
      ["Votes", el("span", { text: counted(vote.votes, "vote") }), String(vote.votes)],
      ["Settled", el("span", { text: vote.stability || "–" }), vote.stability],
      ["Evidence", el("span", { text: vote.meter ? `${vote.meter.name}: ${vote.meter.value}, ${vote.meter.needed}${vote.meter.passed ? ", reached" : ""}` : "–" }), vote.meter && vote.meter.value],
      ["Stop", el("span", { text: vote.would_stop || vote.why || "–" }), vote.would_stop || vote.why],
    ];
  }

  column(title, vote, facts, old) {
    return [el("h4", { class: "ct-h4", text: title }), this.bars(vote),
      el("dl", { class: "ct-facts" }, ...facts.map(([name, node, told], at) => {
        const isOther = old !== null && told !== old[at][2];
        return el("div", { class: isOther ? "is-other" : null }, el("dt", { text: name }), el("dd", {}, node, isOther ? el("span", { class: "ct-changed", text: "changed" }) : null));
      }))];
  }

  bars({ rows, unanswered }) {
    const line = (label, share, count, rank) => {
      const bar = el("i", { class: rank < 5 ? `fx-r${rank + 1}` : "fx-r6" });
      bar.style.inlineSize = `${100 * share}%`;
      return el("li", {}, el("span", { class: "fx-row-answer" }, label), el("span", { class: "fx-bar", "aria-hidden": "true" }, bar), el("span", { class: "fx-count", text: String(count) }));
    };
    return el("ul", { class: "fx-rows ct-rows" }, ...rows.map((row, rank) => line(foreign(clipped(row.answer, 120), "fx-key"), row.share, row.count, rank)),
      ...(unanswered.length ? [line(el("span", { text: "No answer" }), 0, unanswered.length, 9)] : []));
  }
}
