/* The replay: which rules, how often, from which mixture; then the chart, the numbers and the questions behind them. */

class Replay {
  constructor(lab) {
    this.lab = lab;
    const { address } = lab;
    Object.assign(this, section("Replay", "Every rule is played many times on the same draws from the recorded answers: what it costs, and how often it ends right.", "replay"));
    this.rules = el("textarea", { class: "fx-input lab-rules", rows: "2", spellcheck: "false", autocomplete: "off", input: () => this.edited() });
    this.rules.value = address.rules;
    this.presets = PRESETS.map((preset) => {
      const node = button(preset.words, null, () => this.toggle(preset, node));
      return { ...preset, node };
    });
    const setting = (name, label, bounds, hint) => field(label, numberInput(address[name], { ...bounds, change: (event) => address.set({ [name]: event.target.value }) }), hint);
    this.numbers = { trials: setting("trials", "Trials", { min: 1, max: 100000 }), cap: setting("cap", "Cap on draws", { min: 1, max: 1000 }), seed: setting("seed", "Seed", { min: 0, max: 2 ** 31 - 1 }) };
    this.mix = new Choices("Mixture", [["Uniform", "uniform"], ["As the weights below", "bars"]], address.mix, (key) => lab.mixed(key));
    this.task = new Task("Replay", "Replaying", (signal) => this.play(signal));
    this.form = el("form", { class: "lab-form", submit: (event) => { event.preventDefault(); this.task.run(); } },
      el("div", { class: "lab-presets", role: "group", "aria-label": "Rules to add or take away" }, ...this.presets.map(({ node }) => node), button("None", "cross", () => this.write([]), { class: "fx-btn fx-quiet" })),
      field("Rules, separated by commas", this.rules),
      el("div", { class: "lab-settings" }, ...Object.values(this.numbers), this.mix.node, this.task.node));
    this.plot = new ReplayPlot();
    this.finding = el("p", { class: "lab-verdict" });
    this.about = el("div");
    this.numbersNode = el("div");
    this.questions = new QuestionTable(lab);
    this.result = el("div", { class: "lab-result", hidden: true }, this.about, this.finding, this.plot.node, this.numbersNode, this.questions.node);
    this.body.append(this.form, this.result);
    this.edited();
  }

  edited() {
    this.lab.address.set({ rules: this.rules.value.trim() });
    const held = rulesIn(this.rules.value);
    for (const { rules, node } of this.presets) node.setAttribute("aria-pressed", String(rulesIn(rules).every((rule) => held.includes(rule))));
  }

  toggle({ rules }, node) {
    const [held, own] = [rulesIn(this.rules.value), rulesIn(rules)];
    this.write(node.getAttribute("aria-pressed") === "true" ? held.filter((rule) => !own.includes(rule)) : [...held, ...own.filter((rule) => !held.includes(rule))]);
  }

  write(rules) {
    this.rules.value = rules.join(",");
    this.edited();
  }

  async play(signal) {
    const { address } = this.lab;
    const report = await post(`${LAB}/replay`, { selection: address.selection, weights: this.lab.asked(), rules: address.rules, trials: Number(address.trials), cap: Number(address.cap), seed: Number(address.seed) }, signal);
    this.lab.made(report);
  }

  /* The settings a stored report was made with. */
  restore({ rules, trials, cap }) {
    this.rules.value = rules;
    this.lab.address.set({ trials: String(trials), cap: String(cap) });
    for (const [name, node] of Object.entries(this.numbers)) node.querySelector("input").value = this.lab.address[name];
    this.edited();
  }

  show(report) {
    show(this.result, true);
    const { result } = report;
    this.about.replaceChildren(provenance(report, `${counted(result.questions, "question")}, ${counted(result.trials, "trial")} each, at most ${counted(result.cap, "draw")}, seed ${result.seed}; ${mixtureOf(result)}.`));
    write(this.finding, finding(result));
    this.plot.show(result);
    this.numbersNode.replaceChildren(rowsOf(result));
    this.questions.show(result);
  }
}

/* Which weights, in words. */
function mixtureOf({ members, weights }) {
  if (members.length === 1) return `draws of ${members[0]}`;
  const isUniform = weights.every((weight) => Math.abs(weight - 1 / members.length) < 1e-6);
  if (isUniform) return `uniform mixture of ${listed(members)}`;
  return `mixture of ${listed(members.map((member, place) => [member, weights[place]]).filter(([, weight]) => weight > 0).map(([member, weight]) => `${member} ${percent(weight)}`), 6)}`;
}

/* What the adaptive rule saves, told by the fixed number that does as well. */
function finding({ rows, judged, limit_accuracy: limit }) {
  const measure = judged ? "accuracy" : "mode_agreement";
  const words = judged ? "right" : "the pool’s mode";
  const told = limit === null ? "" : ` Endless draws would get ${percent(limit)}.`;
  const adaptive = rows.filter(({ rule }) => rule === "bayes").sort((one, other) => Math.abs(Math.log(one.threshold / 30)) - Math.abs(Math.log(other.threshold / 30)))[0];
  if (!adaptive) return told.trim();
  const fixed = rows.filter(({ rule }) => rule === "fixed").sort((one, other) => one.draws - other.draws);
  const match = fixed.find((row) => row[measure] >= adaptive[measure]);
  const start = `${RULES.bayes.of(adaptive.threshold)} ends ${words} in ${percent(adaptive[measure])} with ${plain(adaptive.draws)} draws a question.`;
  if (!fixed.length) return start + told;
  if (!match) return `${start} No fixed number tried here does as well.${told}`;
  if (match.draws <= adaptive.draws) return `${start} A fixed N = ${match.threshold} does as well here, with no more draws.${told}`;
  return `${start} The smallest fixed number that does as well here is N = ${match.threshold}, ${plain(match.draws / adaptive.draws)} times the draws.${told}`;
}

function rowsOf(result) {
  const heads = ["Rule", "Draws", "95 % of the simulation", "Tokens", "Mode agreement", "Accuracy", "95 % of the simulation", "95 % over questions", "Ended at the cap"];
  const rows = result.rows.map((row) => [ruleName(row), plain(row.draws, 2), span(row.draws_low, row.draws_high, (each) => plain(each, 2)), row.tokens === null ? "–" : plain(row.tokens, 0), percent(row.mode_agreement), percent(row.accuracy), span(row.accuracy_low, row.accuracy_high), span(row.questions_low, row.questions_high), percent(row.capped)]);
  return el("details", { class: "fx-fold", open: true }, el("summary", { text: "All numbers" }), table("Replay, one row a rule", heads, rows, { className: "is-numeric" }),
    el("p", { class: "fx-hint", text: "There are two intervals. “Of the simulation” is how far a number would move if these very questions were played again with other draws; more trials make it narrower. “Over questions” is what to expect on other questions like these; only more questions make it narrower. Ended at the cap: trials that ran out of draws unsettled." }));
}
