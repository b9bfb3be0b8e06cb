/* What sways people besides the answer: where it stood and how long it was; and strength with both taken out. */

class Effects extends Card {
  constructor(page) {
    super(page, { title: "Position and length", hint: "What sways people besides the answer itself.", id: "effects", files: { table: "effects", figure: "effects" }, draw: (facts) => this.content(facts) });
  }

  content({ position, length, adjusted, adjusted_note: note, asked }) {
    if (!position && !length && !adjusted.length) return null;
    return [el("div", { class: "an-panels is-wide" }, position ? this.position(position, asked.level) : null, length ? this.length(length, asked.level) : null),
      adjusted.length ? adjustedPart(adjusted, asked.level) : null, ...notes(note)];
  }

  position({ left, clustered, p, note }, level) {
    const estimate = has(clustered) ? clustered : asEstimate(left);
    const votes = shareIn(left);
    return el("div", { class: "an-panel" }, el("h3", { class: "lab-h3", text: "Where it stood" }),
      has(estimate) ? el("p", { class: "an-sure" }, el("strong", { text: whole(estimate.value) }), ` chose the left answer. ${sureness(estimate, level)}.`) : null,
      ...drawn(estimate),
      votes.of ? hint(`Of ${counted(votes.of, "decisive vote")}, ${plain(votes.hits)} went left${p === null ? "" : `; as votes alone p ${p < 0.001 ? "is under 0.001" : `= ${tiny(p)}`}`}. Sides are drawn at random and balanced, so a leaning adds noise and no bias.`) : null, ...notes(note, estimate?.note));
  }

  length({ slope, longer, clipped: cut, note }, level) {
    const estimate = asEstimate(longer);
    const doubled = (logit) => whole(1 / (1 + Math.exp(-logit * Math.LN2)));
    return el("div", { class: "an-panel" }, el("h3", { class: "lab-h3", text: "How long it was" }),
      has(estimate) ? el("p", { class: "an-sure" }, el("strong", { text: whole(estimate.value) }), ` chose the longer answer. Wilson’s ${whole(level)} interval ${range(estimate)}, for these votes.`) : null,
      ...drawn(estimate),
      has(slope) ? hint(`An answer twice as long would win ${doubled(slope.value)} of the time (${range(slope, doubled)}, ${BASES[slope.basis] || slope.basis}): ${signed(slope.value)} logits per log ratio of lengths.${cut ? ` ${counted(cut, "extreme ratio")} clipped.` : ""}`) : null, ...notes(note, slope?.note));
  }
}

const drawn = (estimate) => (has(estimate) ? [axis(SHARE_TICKS), dotLine(estimate)] : []);

function adjustedPart(adjusted, level) {
  const span = reach(adjusted.flatMap(({ score, plain: own }) => [score, { value: own }]), { least: 0.3 });
  const rows = adjusted.map(({ system, score, plain: own }) => {
    const line = dotLine(score, span);
    if (own !== null) line.append(placed("s", { insetInlineStart: `${(100 * (own - span.from)) / (span.to - span.from)}%` }));
    return [foreign(shortName(system)), own === null ? "–" : pointWords(own), el("strong", { text: has(score) ? pointWords(score.value) : "–" }), range(score, pointWords), line];
  });
  return el("div", { class: "an-stack" }, el("h3", { class: "lab-h3" }, "Strength with position and length taken out ", badge("plain", null, foreign("diagnostic"))),
    hint("One fit of strength, side and length. If length itself is what people value, taking it out takes out quality: read it as a check, not as the result. The ring is the plain score."),
    lined("Strength, adjusted", ["System", "Plain", "Adjusted", `${whole(level)} interval`], rows, pointTicks(span), span, { className: "is-numeric" }), ...notes(adjusted.map(({ score }) => score?.note || "")));
}
