/* What is known so far for each contrast, how far people agree, and whether more judgements would decide it. */

/* Where a share lies on a line from 0 to 100 %, with its interval; the middle is a draw. */
function shareLine(share, low, high) {
  const node = el("span", { class: "st-share", "aria-hidden": "true" }, el("i"), el("b"));
  node.firstChild.style.insetInlineStart = `${100 * low}%`;
  node.firstChild.style.inlineSize = `${100 * (high - low)}%`;
  node.lastChild.style.insetInlineStart = `${100 * share}%`;
  return node;
}

function stateChip({ state, more }) {
  if (state === "settled") return badge("ok", "check", foreign("settled"));
  if (state === "even") return badge("ok", "check", foreign("as good as even"));
  if (state === "open") return badge("warn", "pen", foreign(more ? `collect more: about ${counted(more, "judgement")}` : "collect more"));
  return badge("plain", null, foreign("not enough yet"));
}

class Contrasts {
  constructor() {
    Object.assign(this, section("Results so far", "Judgements that count, without those left out. The final figures are the analysis’s.", "contrasts"));
    this.list = el("div", { class: "st-contrasts" });
    this.body.append(this.list);
  }

  draw({ contrasts, agreement }) {
    const told = JSON.stringify([contrasts, agreement]);
    if (told === this.told) return;
    this.told = told;
    const agreed = new Map(agreement.map((each) => [JSON.stringify(each.roles), each]));
    this.list.replaceChildren(...contrasts.map((each) => this.contrast(each, agreed.get(JSON.stringify(each.roles)))));
  }

  contrast(each, agreed) {
    const { roles, counts, units, judgements, share, low, high, level, note } = each;
    const hasShare = share !== null && low !== null;
    return el("article", { class: "st-contrast", "aria-label": contrastName(roles) },
      el("div", { class: "st-spread" }, el("h3", { class: "lab-h3", text: contrastName(roles) }), stateChip(each)),
      distribution(counts),
      hasShare ? el("div", { class: "st-shared" }, shareLine(share, low, high), el("p", {}, el("strong", { text: percent(share, 0) }), ` for ${roleName(roles[0])}, ties half (${percent(level, 0)} interval ${span(low, high, (number) => percent(number, 0))})`)) : null,
      el("p", { class: "fx-hint", text: `${counted(judgements, "judgement")} of ${counted(units, "item")}. ${agreedWords(agreed)}` }),
      note ? el("p", { class: "fx-hint", text: note }) : null);
  }
}

function agreedWords(agreed) {
  if (!agreed || !agreed.units) return "No item was judged by two people yet, so agreement is unknown.";
  const { alpha, low, high, level, raw, units, note } = agreed;
  const interval = low === null ? "" : ` (${percent(level, 0)} interval ${span(low, high, (number) => plain(number, 2))})`;
  const told = alpha === null ? "" : `Krippendorff’s alpha ${plain(alpha, 2)}${interval}, `;
  return `Agreement: ${told}same verdict ${percent(raw, 0)}, over ${counted(units, "item")} with two judgements or more. ${note}`.trim();
}
