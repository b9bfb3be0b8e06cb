/* How far people agree, beside what could be expected: preferences are a matter of taste in part. */

const USUAL_ALPHA = 0.3;
const ALPHA_TICKS = [[0, "0"], [USUAL_ALPHA, "usual"], [1, "1"]];
const LEVEL_WORDS = { nominal: "same class or not", ordinal: "in order: first, tie, second", interval: "as numbers" };
const COEFFICIENT = { nominal: "AC1", ordinal: "AC2", interval: "AC2" };

class Agreed extends Card {
  constructor(page) {
    super(page, { title: "Agreement", hint: "Krippendorff’s alpha and Gwet’s AC, both 1 where all agree. Around 0.3 is usual for preferences and no failure; AC stays higher where most judgements fall on one side.", id: "agreement", files: { table: "agreement" }, draw: (facts) => this.content(facts) });
  }

  content({ agreement, asked }) {
    if (!agreement.length) return null;
    const heads = ["Contrast", `Alpha, ${whole(asked.level)} interval`, "AC", "Same verdict", "A person vs the others", "Judged twice or more", "Ratings an item"];
    const rows = agreement.map((each) => [el("span", { class: "an-taken" }, foreign(each.contrast ? each.contrast.map(shortName).join(" vs ") : "All contrasts"), hint(LEVEL_WORDS[each.level])), withRange(each.alpha, decimals),
      has(each.ac) ? el("span", { class: "an-value" }, `${COEFFICIENT[each.level]} `, withRange(each.ac, decimals)) : "–", each.raw === null ? "–" : whole(each.raw), ofMany(each.ceiling), counted(each.units, "item"), each.overlap === null ? "–" : plain(each.overlap, 2), dotLine(each.alpha, { from: -0.2, to: 1, middle: USUAL_ALPHA })]);
    return [lined("Agreement by contrast", heads, rows, ALPHA_TICKS, { from: -0.2, to: 1 }, { className: "is-numeric an-agreement" }),
      hint("A person vs the others: how often one vote equals the majority of the other people, ties sharing credit. No judge can be expected to do better than that ceiling."),
      this.reasons(agreement)];
  }
  /* One or two stand below the table; more of them would hide it. */
  reasons(agreement) {
    const told = notes(agreement.map(({ note, alpha, contrast }) => (note || alpha?.note ? `${contrast ? `${contrast.map(shortName).join(" vs ")}: ` : ""}${note || alpha.note}` : "")));
    if (!told.length) return null;
    return told.length > 2 ? disclosure(`${told.length} notes`, ...told) : el("div", { class: "an-stack" }, ...told);
  }
}
