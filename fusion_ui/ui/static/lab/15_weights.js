/* Weights: bars to move, the program that solves them, whether they hold on questions they were not solved on. */

class Weights {
  constructor(lab) {
    this.lab = lab;
    const { address } = lab;
    Object.assign(this, section("Weights", "How often each member should be asked. Drag a bar and see what flips; solve for the weights that solve the most; then see whether they hold.", "weights"));
    this.bars = new Bars((weights, isSettled) => this.moved(weights, isSettled));
    this.live = new Live(lab);
    this.resets = el("div", { class: "lab-presets", role: "group", "aria-label": "Set all weights" });
    this.single = el("select", { class: "fx-input", "aria-label": "One member alone", change: () => this.single.value && this.bars.set(this.pool.single(Number(this.single.value))) });
    this.toSolved = button("Solved", null, () => this.bars.set(this.solved), { hidden: true });
    this.resets.append(this.toSolved, button("Uniform", null, () => this.bars.set(this.pool.uniform)), this.single);
    this.use = el("a", { class: "fx-btn lab-use", target: "_self" }, icon("arrow"), el("span", { text: "Use these weights in Compare" }));
    const setting = (name, label, bounds) => field(label, numberInput(address[name], { ...bounds, change: (event) => address.set({ [name]: event.target.value }) }));
    this.folds = setting("folds", "Folds", { min: 2, max: 50 });
    this.repeats = setting("repeats", "Repeats", { min: 1, max: 50 });
    this.task = new Task("Solve", "Solving", (signal) => this.solve(signal));
    this.result = el("div", { class: "lab-result", hidden: true });
    this.alone = el("p", { class: "fx-hint", hidden: true, text: "One member alone has nothing to weigh: choose two or more above." });
    this.nothing = el("p", { class: "fx-hint", hidden: true, text: "None of these questions has a gold answer, so no weights can be judged. Load recordings that hold one." });
    this.bench = el("div", {}, el("div", { class: "lab-two is-even" }, el("div", {}, this.bars.node, this.resets, this.use), this.live.node),
      el("form", { class: "lab-settings lab-rule", submit: (event) => { event.preventDefault(); this.task.run(); } }, this.folds, this.repeats, this.task.node));
    this.body.append(this.nothing, this.alone, this.bench, this.result);
  }

  give(pool) {
    this.pool = pool;
    show(this.nothing, pool && !pool.golden.length);
    show(this.alone, pool && pool.golden.length && pool.members.length === 1);
    show(this.bench, pool && pool.golden.length);
    if (!pool) return;
    this.solved = null;
    show(this.toSolved, false);
    this.single.replaceChildren(el("option", { value: "", text: "One member alone …" }), ...pool.members.map((member, place) => el("option", { value: String(place), text: member })));
    const kept = this.lab.address.weights;
    const weights = kept ? normalised(pool.members.map((member) => kept[member] || 0)) : pool.uniform;
    this.live.weights = null;
    this.live.give(pool);
    this.bars.build(pool.members, weights);
    this.live.follow(weights);
    this.relink();
    this.learn();
  }

  moved(weights, isSettled) {
    this.live.follow(weights);
    if (!isSettled) return;
    const only = weights.findIndex((weight) => weight > 1 - 1e-9);
    this.single.value = only >= 0 && weights.length > 1 ? String(only) : "";
    this.lab.weighed(Object.fromEntries(this.pool.members.map((member, place) => [member, weights[place]])));
    this.relink();
  }

  /* Weights as they were solved go by the report's id, so that Compare can say where they come from. */
  relink() {
    const { weights } = this.bars;
    const isSolved = this.solved && weights.every((weight, place) => Math.abs(weight - this.solved[place]) < 1e-9);
    const pairs = this.pool.members.map((member, place) => [member, weights[place]]).filter(([, weight]) => weight > 5e-7);
    this.use.href = isSolved ? `/?weights=${encodeURIComponent(this.report.id)}` : `/?w=${encodeURIComponent(pairs.map(weightText).join(","))}`;
  }

  async solve(signal) {
    const { address } = this.lab;
    const report = await post(`${LAB}/weights`, { selection: address.selection, folds: Number(address.folds), repeats: Number(address.repeats), seed: Number(address.seed) }, signal);
    this.lab.made(report);
    if (this.solved) this.bars.set(this.solved);
  }

  restore({ folds, repeats }) {
    this.lab.address.set({ folds: String(folds), repeats: String(repeats) });
    this.folds.querySelector("input").value = String(folds);
    this.repeats.querySelector("input").value = String(repeats);
  }

  show(report) {
    this.report = report;
    show(this.result, true);
    const { weighting, validation, verdict } = report.result;
    this.result.replaceChildren(
      provenance(report, `${counted(weighting.total, "question")} with a gold answer${validation ? `; ${validation.folds} folds, ${counted(validation.repeats, "repeat")}, seed ${validation.seed}` : "; too few to hold some back"}.`),
      el("p", { class: "lab-verdict", text: verdict }),
      dots("Questions solved in the limit", this.standing(weighting, validation), weighting.total),
      el("p", { class: "fx-hint", text: "Cross-validated: weights are solved on some folds and judged on the fold left out, so that the count tells what to expect on new questions. The best single member is chosen on the same folds." }),
      disclosure("The program and its solution", this.facts(weighting)));
    this.learn();
  }

  standing(weighting, validation) {
    const held = validation ? [
      { label: "Solved weights, cross-validated", value: validation.cross_validated, low: validation.low, high: validation.high, isMain: true },
      { label: "Best single, chosen on the same folds", value: validation.best_single },
    ] : [];
    return [
      ...held,
      { label: "Uniform weights", value: weighting.uniform_solved },
      { label: "Solved weights, on the questions they were solved on", value: weighting.solved },
      { label: `Best single in hindsight: ${weighting.best_single.member}`, value: weighting.best_single.solved },
    ];
  }

  facts({ members, weights, singles, status, gap, margin, solved, total }) {
    const how = { optimal: "proved optimal", "time limit": "best found within the time limit", "nothing to solve": "nothing to solve" }[status];
    const alone = new Map(singles.map((single) => [single.member, single.solved]));
    return el("div", {}, el("dl", { class: "fx-facts" }, ...[["Solved", `${solved} of ${total}`], ["Status", how], ["Gap", percent(gap)], ["Margin", margin === null ? "none" : `${percent(margin, 2)}: gold leads by at least this in every solved question`]].flatMap(([term, words]) => [el("dt", { text: term }), el("dd", { text: words })])),
      table("Weights and what each member solves alone", ["Member", "Weight", "Solves alone"], members.map((member, place) => [foreign(member), percent(weights[place], 2), plain(alone.get(member) ?? 0)]), { className: "is-numeric" }));
  }

  /* The bars can go to the solved weights where they belong to the members now chosen. */
  learn() {
    if (!this.report || !this.pool || !this.pool.golden.length) return;
    const { members, weights } = this.report.result.weighting;
    const isSame = members.length === this.pool.members.length && this.pool.members.every((member) => members.includes(member));
    if (!isSame) return;
    this.solved = normalised(this.pool.members.map((member) => weights[members.indexOf(member)]));
    show(this.toSolved, true);
    this.live.learn(this.solved);
    this.relink();
  }
}

/* Counts on one axis, each with its number and, where there is one, its interval. */
function dots(caption, rows, total) {
  const ends = rows.flatMap(({ value, low, high }) => [value, low, high]).filter((each) => typeof each === "number");
  const low = Math.max(0, Math.floor(Math.min(...ends) - Math.max(1, total * 0.05)));
  const high = Math.min(total, Math.ceil(Math.max(...ends) + Math.max(1, total * 0.03)));
  const at = (value) => `${(100 * (value - low)) / (high - low || 1)}%`;
  const drawn = ({ value, low: from, high: to, isMain }) => {
    const line = el("span", { class: `lab-dots ${isMain ? "is-main" : ""}`, "aria-hidden": "true" });
    if (typeof from === "number") {
      const range = el("i", { class: "lab-range" });
      range.style.insetInlineStart = at(Math.max(low, from));
      range.style.inlineSize = `calc(${at(Math.min(high, to))} - ${at(Math.max(low, from))})`;
      line.append(range);
    }
    const dot = el("b");
    dot.style.insetInlineStart = at(value);
    line.append(dot);
    return line;
  };
  const axis = el("span", { class: "lab-ends" }, el("span", { text: plain(low) }), el("span", { text: `${plain(high)} of ${plain(total)}` }));
  const body = rows.map((row) => [row.label, `${plain(row.value)}${typeof row.low === "number" ? ` (${plain(row.low)} to ${plain(row.high)})` : ""}`, drawn(row)]);
  return table(caption, ["Which weights", rows.some(({ low: from }) => typeof from === "number") ? "Solved, 95 %" : "Solved", axis], body, { className: "lab-dotted" });
}
