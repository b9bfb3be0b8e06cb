/* Rubric scores: a panel a criterion, with how often each score was given and the paired difference. */

class Rubric extends Card {
  constructor(page) {
    super(page, { title: "Rubric", hint: "Mean scores on each criterion. The small bars show how often each score was given.", id: "rubric", files: { table: "rubric", figure: "rubric" }, draw: (facts) => this.content(facts) });
  }

  content({ rubric, asked }) {
    const criteria = [...new Set(rubric.means.map(({ criterion }) => criterion))];
    if (!criteria.length) return null;
    return [el("div", { class: "an-panels is-wide" }, ...criteria.map((criterion) => criterionPanel(criterion, rubric.means.filter((each) => each.criterion === criterion), rubric.differences.filter((each) => each.criterion === criterion), asked.level)))];
  }
}

function criterionPanel(criterion, means, differences, level) {
  const [low, high] = means[0].scale;
  const span = { from: low, to: high, middle: null };
  const rows = means.map(({ system, mean, ratings, distribution }) => [foreign(shortName(system)), el("strong", { text: has(mean) ? decimals(mean.value) : "–" }), histogram(distribution, low), plain(ratings), dotLine(mean, span)]);
  const ticks = Array.from({ length: high - low + 1 }, (_, place) => low + place).filter((score, _, all) => all.length < 8 || score === low || score === high).map((score) => [score, String(score)]);
  return el("div", { class: "an-panel" }, el("h3", { class: "lab-h3" }, foreign(criterion)),
    lined(`Scores for ${criterion}`, ["System", "Mean", "Scores", "n"], rows, ticks, span, { className: "is-numeric is-small" }),
    ...differences.map(({ first, second, difference }) => (has(difference) ? el("p", { class: "an-sure" }, `${shortName(first)} less ${shortName(second)}, on the same prompts: `, el("strong", { text: signed(difference.value) }), ` (${hasRange(difference) ? `${whole(level)} interval ${range(difference, signed)}` : "no interval"})`) : null)),
    ...notes(means.map(({ mean }) => mean?.note || ""), differences.map(({ difference }) => difference?.note || "")));
}

function histogram(distribution, low) {
  const most = Math.max(1, ...distribution);
  const words = distribution.map((number, place) => `${low + place}: ${plain(number)}`).join(", ");
  return el("span", { class: "an-histogram", role: "img", "aria-label": words, title: words }, ...distribution.map((number) => placed("i", { blockSize: `${Math.max(6, (100 * number) / most)}%` })));
}
