/* Is it worth it: what people prefer against what it costs and how long it takes. */

const WORTH_MARKS = ["circle", "square", "diamond", "triangle"];

class WorthIt extends Card {
  constructor(page) {
    super(page, { title: "Is it worth it?", hint: "How often each is preferred, against what an answer costs and how long it takes.", id: "worth", files: { table: "worth", figure: "worth" }, draw: (facts) => this.content(facts) });
    this.x = "cost_usd";
    this.across = new Choices("Against", [["Cost", "cost_usd"], ["Seconds", "seconds"]], this.x, (key) => {
      this.x = key;
      this.mark();
    }, { isQuiet: true });
    this.plot = new Plot("Preference against cost; the table beside it holds the same numbers", { height: 280, draw: (plot) => this.chart(plot), isReady: () => this.points?.length });
  }

  content({ worth }) {
    if (!worth.length) return null;
    this.worth = worth;
    const hasCost = this.drawable("cost_usd").length > 0;
    const hasTime = this.drawable("seconds").length > 0;
    if (!this.drawable(this.x).length) this.x = hasCost ? "cost_usd" : "seconds";
    this.across.offer("cost_usd", hasCost);
    this.across.offer("seconds", hasTime);
    this.mark();
    if (worth.every(({ cost_usd: cost, seconds: time }) => cost === null && time === null)) return hint("Neither what an answer costs nor how long it takes is known of anything compared here: both come with recorded runs.");
    const rows = worth.map(({ system, share, cost_usd: cost, seconds: time, cost_per_extra_win: extra }) => [foreign(shortName(system)), share === null ? "–" : whole(share), dollars(cost), seconds(time), dollars(extra)]);
    return [el("div", { class: "an-halves" }, hasCost || hasTime ? el("div", { class: "an-stack" }, this.across.node, this.plot.node) : null,
      el("div", { class: "an-stack" }, table("Worth", ["System", "Preferred", "Cost an answer", "Time", "Cost of an extra win"], rows, { className: "is-numeric" }), ...notes(reasonsOf(worth))))];
  }

  drawable(name) {
    return this.worth.filter((each) => each.share !== null && each[name] !== null && each[name] > 0);
  }

  mark() {
    this.across.set(this.x);
    this.points = this.drawable(this.x);
    this.plot.redraw();
  }

  chart(plot) {
    const told = this.x === "cost_usd" ? dollars : seconds;
    const amounts = this.points.map((each) => each[this.x]);
    const [first, last] = [Math.min(...amounts) / 1.5, Math.max(...amounts) * 1.8];
    const shares = this.points.map(({ share }) => share);
    const [bottom, top] = [Math.max(0, Math.min(0.45, ...shares) - 0.08), Math.min(1, Math.max(0.55, ...shares) + 0.08)];
    const box = { left: 50, right: plot.width - 10, top: 26, bottom: plot.height - 42 };
    const x = scale(first, last, [box.left, box.right], Math.log);
    const y = scale(bottom, top, [box.bottom, box.top]);
    plot.frame({ x, y, box, xTicks: logTicks(first, last, plot.width / 90), yTicks: linearTicks(bottom, top, 5), xWords: told, yWords: whole, xName: `${this.x === "cost_usd" ? "Cost of an answer" : "Seconds an answer"}, log scale`, yName: "Preferred" });
    this.points.forEach((each, place) => plot.mark(WORTH_MARKS[place % 4], [shortName(each.system), `preferred ${whole(each.share)}`, `${told(each[this.x])} an answer`], { x: x(each[this.x]), y: y(each.share), hue: hue(place + 1) }));
    this.points.forEach((each, place) => plot.label(clipped(shortName(each.system), 24), [[x(each[this.x]), y(each.share)]], { hue: hue(place + 1), isNeeded: true, isStrong: true }));
  }
}

/* What is said of several is said once, with their names. */
function reasonsOf(worth) {
  const said = [...new Set(worth.map(({ words }) => words).filter(Boolean))];
  return said.map((each) => `${listed(worth.filter(({ words }) => words === each).map(({ system }) => shortName(system)))}: ${each}`);
}

/* Unknown is not zero. */
function dollars(amount) {
  if (amount === null || amount === undefined) return "–";
  return amount === 0 ? "$0" : `$${amount.toLocaleString("en", { maximumSignificantDigits: 3 })}`;
}
