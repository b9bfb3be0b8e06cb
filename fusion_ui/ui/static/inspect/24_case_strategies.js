/* What the three strategies said of this pool, and why. The cards are the board's; here nothing is rated, and their
   texts are columns, so that passages can be marked in them. */

/* What the board's cards ask of the board they lie on. */
class CaseBoard {
  constructor(caseView) {
    this.caseView = caseView;
    this.cards = new Map();
    this.sources = new Sources(this);
  }

  pointer(position, passage) {
    return this.caseView.pointer(position, () => this.jump(position, passage));
  }

  /* To a candidate, or to the passage of it on which a fused sentence rests. */
  jump(position, passage) {
    const { candidates } = this.caseView;
    const source = typeof passage !== "number" ? null : (this.fusion.card.lines || []).flat().find((each) => each.position === position && each.passage === passage);
    const { text } = candidates.cards.get(position)?.column || { text: "" };
    const at = source ? text.indexOf(source.quote) : -1;
    if (at < 0) return candidates.focus(position);
    const start = points(text.slice(0, at));
    return candidates.light(position, { start, end: start + points(source.quote) });
  }
}

class CasePick extends BestCard {
  constructor(board) {
    super(board);
    this.verdict = {}; // nothing is rated here
  }

  /* The text comes as a column of its own. */
  give(card, column) {
    this.column = column;
    if (column) {
      this.prose = column.box;
      column.node = this.node;
    }
    this.update({ ...card, html: "", state: card.state === "done" && !column ? "failed" : card.state });
    if (!column) return;
    this.body.replaceChildren(this.why, el("h3", { class: "fx-sr", text: "Its text" }), column.body);
    this.foot.replaceChildren(textTools(column.box, "the Best-of-N pick"));
    show(this.foot, true);
  }
}

class CaseFused extends FusionCard {
  constructor(board) {
    super(board);
    this.verdict = {};
  }

  give(card, column) {
    if (column) {
      this.prose = column.box;
      column.node = this.node;
    }
    this.update(card);
    if (card.state !== "finished") return;
    this.body.replaceChildren(this.warnings, this.byline, this.title, this.prose.node, this.quotes, this.legend, this.dropped, this.comparison, this.making);
    this.foot.replaceChildren(textTools(this.prose, "the fused answer"));
    show(this.foot, true);
  }
}

class CaseVote extends VoteCard {
  constructor(board) {
    super(board);
    this.verdict = {};
    this.gold.open = true;
  }
}

class CaseStrategies {
  constructor(caseView) {
    this.caseView = caseView;
    this.node = el("div", { class: "fx-top-row case-top" });
  }

  give(case_) {
    const board = new CaseBoard(this.caseView);
    const { best, fusion, vote } = case_;
    const picked = case_.candidates.find(({ position }) => best.state === "done" && position === best.position);
    this.best = new CasePick(board);
    this.fusion = board.fusion = new CaseFused(board);
    this.vote = new CaseVote(board);
    this.bestColumn = picked ? new CaseColumn(this.caseView, { role: "best", position: picked.position, outputId: picked.output_id, name: "Best-of-N pick", text: picked.text }) : null;
    this.fusedColumn = fusion.state === "finished" ? new CaseColumn(this.caseView, { role: "fusion", position: null, outputId: fusion.output_id, name: "Fused answer", text: fusion.text }) : null;
    this.node.replaceChildren(this.best.node, this.fusion.node, this.vote.node);
    this.best.give(best, this.bestColumn);
    this.vote.update(vote);
    this.fusion.give(fusion, this.fusedColumn);
    if (this.bestColumn) this.caseView.sight.watch(this.best.node, this.bestColumn);
    return board;
  }

  get columns() {
    return [this.bestColumn, this.fusedColumn].filter(Boolean);
  }
}
