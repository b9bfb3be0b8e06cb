/* What a case cost: every draw, the judge, the fusor, all of it, and what stopping early saved. */

class CostTab {
  static name = "cost";

  static label = "Cost";

  constructor({ caseView }) {
    this.caseView = caseView;
    this.node = el("div", { class: "case-cost" });
  }

  draw({ costs }) {
    const calls = [["Judge", costs.judge], ["Fusor", costs.fusor]].filter(([, spent]) => spent);
    const most = Math.max(...costs.slots.map(({ cost_usd: usd }) => usd || 0), 0);
    const rows = [
      ...costs.slots.map((slot) => [el("span", { class: "case-slot" }, this.caseView.pointer(slot.position), foreign(slot.member)), slot.state, this.number(slot.input_tokens), this.number(slot.output_tokens), this.time(slot.seconds), this.price(slot.cost_usd, most)]),
      ...calls.map(([name, spent]) => [name, `${counted(spent.calls, "call")}`, this.number(spent.input_tokens), this.number(spent.output_tokens), this.time(spent.seconds), this.price(spent.cost_usd, 0)]),
      [el("strong", { text: "Total" }), "", this.number(costs.total.input_tokens), this.number(costs.total.output_tokens), "", el("strong", { text: `${costs.total.has_unknown_cost && costs.total.cost_usd !== null ? "at least " : ""}${money(costs.total.cost_usd)}` })],
    ];
    this.node.replaceChildren(el("p", { class: "case-total" }, el("strong", { text: costs.total.words }), costs.saved ? el("span", { text: costs.saved.words }) : null),
      table("What every call cost", ["Call", "State", "Tokens read", "Tokens written", "Time", "Cost"], rows, { className: "case-figures" }));
  }

  number(count) {
    return count === null ? "unknown" : plain(count);
  }

  time(seconds) {
    return seconds === null ? "unknown" : `${plain(seconds)} s`;
  }

  /* With a bar as long as the share of the dearest draw. */
  price(usd, most) {
    if (!usd || !most) return usd === null ? "unknown" : money(usd);
    const bar = el("i");
    bar.style.inlineSize = `${(100 * usd) / most}%`;
    return el("span", { class: "case-price" }, el("span", { class: "case-price-bar", "aria-hidden": "true" }, bar), el("span", { text: money(usd) }));
  }
}
