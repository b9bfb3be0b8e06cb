/* All runs of this prompt: which came from which, how they went, and what was different about them. */

const CASE_RELATIONS = { this: ["lead", "This one"], ancestor: ["plain", "This was made from it"], descendant: ["plain", "Made from this"] };

class HistoryTab {
  static name = "history";

  static label = "History";

  constructor({ caseView }) {
    this.caseView = caseView;
    this.node = el("div", { class: "case-history" });
  }

  draw({ history }) {
    const said = history.total === 1 ? "This prompt was run once. Rerun it with another recipe, and both stand here." : `${counted(history.total, "run")} of this prompt${history.runs.length < history.total ? `, the last ${history.runs.length} of them` : ""}.`;
    this.node.replaceChildren(el("p", { class: "fx-hint", text: said }),
      table("Runs of this prompt", ["Run", "Relation", "Draws", "Leader", "Cost", "What differs from this one"], history.runs.map((run) => this.row(run)), { className: "case-runs" }));
  }

  row({ run_id: id, started_at: at, relation, draws, leader, cost_usd: cost, ended, differences }) {
    const [kind, words] = CASE_RELATIONS[relation] || [];
    const when = el("span", {}, el("time", { datetime: at, text: moment(at) }), ended && ended !== "completed" ? badge("warn", null, ended) : null);
    return [relation === "this" ? when : stepTo(this.caseView.hrefOf(id), () => this.caseView.goTo(id), { class: "lab-open" }, when), words ? badge(kind, null, words) : "–",
      draws, leader ? foreign(leader, "fx-key") : "–", cost === null ? "unknown" : money(cost),
      differences && differences.length ? el("ul", { class: "case-differences" }, ...differences.map((each) => this.difference(each))) : relation === "this" ? "" : "the same recipe"];
  }

  difference({ what, here, there }) {
    return el("li", {}, el("span", { class: "fx-hint", text: `${what} ` }), foreign(there), el("span", { class: "fx-hint", text: " instead of " }), foreign(here));
  }
}
