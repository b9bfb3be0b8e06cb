/* Do weights carry over? Solved on one set and judged on another; and how many questions it takes to learn them. */

class Transfer {
  constructor(lab) {
    this.lab = lab;
    Object.assign(this, section("Transfer", "Weights are solved on one set of questions and judged on another that they have not seen.", "transfer"));
    this.chosen = { train: new Set(), test: new Set() };
    this.boxes = { train: el("fieldset", { class: "lab-sets" }), test: el("fieldset", { class: "lab-sets" }) };
    this.size = "all";
    this.sizes = new Choices("Members", [["All together", "all"], ["Every pair", "2"], ["Every triple", "3"]], "all", (key) => { this.size = key; });
    this.common = el("p", { class: "fx-hint" });
    this.task = new Task("Solve and judge", "Solving", (signal) => this.solve(signal));
    this.needs = el("p", { class: "fx-hint", hidden: true, text: "Transfer needs recordings of two sets of questions, answered by the same members. Load another set above." });
    this.form = el("div", { class: "lab-form" }, el("div", { class: "lab-two is-even" }, this.boxes.train, this.boxes.test), this.common, el("div", { class: "lab-settings" }, this.sizes.node, this.task.node));
    this.result = el("div", { class: "lab-result", hidden: true });
    this.body.append(this.needs, this.form, this.result);
  }

  draw() {
    this.groups = grouped(this.lab.catalogue.recordings);
    const sets = [...this.groups.keys()];
    show(this.needs, sets.length < 2);
    show(this.form, sets.length >= 2);
    if (!this.chosen.train.size && sets.length >= 2) {
      this.chosen.train.add(sets[0]);
      this.chosen.test.add(sets[1]);
    }
    for (const [side, legend] of [["train", "Solve on"], ["test", "Judge on"]]) {
      this.boxes[side].replaceChildren(el("legend", { text: legend }), ...sets.map((set) =>
        check(foreign(set || "no set named"), this.chosen[side].has(set), (isChosen) => this.pick(side, set, isChosen)).node));
    }
    this.tell();
  }

  pick(side, set, isChosen) {
    if (isChosen) this.chosen[side].add(set);
    else this.chosen[side].delete(set);
    this.tell();
  }

  rows(side) {
    return [...this.chosen[side]].flatMap((set) => this.groups.get(set) || []);
  }

  /* The members who answered both sides; of these the ones chosen above, if any of them are. */
  get members() {
    const [train, test] = ["train", "test"].map((side) => new Set(this.rows(side).flatMap(({ members }) => members)));
    const both = [...train].filter((member) => test.has(member));
    const picked = both.filter((member) => (this.lab.address.members || []).includes(member));
    return picked.length ? picked : both;
  }

  tell() {
    const { members } = this;
    write(this.common, members.length ? `Members: ${listed(members, 12)}.` : "No member answered both. Choose other sets.");
  }

  async solve(signal) {
    const { members } = this;
    if (!members.length) throw new Error("No member answered both. Choose other sets.");
    const side = (name) => ({ recordings: this.rows(name).filter((row) => row.members.some((member) => members.includes(member))).map(({ id }) => id), runs: false, members });
    this.lab.made(await post(`${LAB}/transfer`, { train: side("train"), test: side("test"), size: this.size === "all" ? null : Number(this.size) }, signal));
  }

  restore({ train, test, size }) {
    const ids = (side) => side.recordings.map(String);
    for (const [name, side] of [["train", train], ["test", test]]) {
      this.chosen[name] = new Set([...this.groups].filter(([, rows]) => rows.some(({ id }) => ids(side).includes(String(id)))).map(([set]) => set));
    }
    this.size = size === null ? "all" : String(size);
    this.sizes.set(this.size);
    this.draw();
  }

  show(report) {
    show(this.result, true);
    this.result.replaceChildren(provenance(report, `${this.between(report)}.`), ...(report.kind === "subsets" ? this.subsets(report.result) : this.single(report.result)));
  }

  /* From which sets to which, told by the files that went in. */
  between({ request, inputs }) {
    const sets = (side) => listed([...new Set(this.lab.catalogue.recordings.filter(({ id }) => side.recordings.map(String).includes(String(id))).flatMap(({ sets: held }) => held))]);
    return `Solved on ${sets(request.train)}, judged on ${sets(request.test)}; ${counted(inputs.length, "file")}`;
  }

  single({ members, weights, train, test, verdict }) {
    return [el("p", { class: "lab-verdict", text: verdict }), el("h3", { class: "lab-h3", text: "Judged on the other set" }), dots("Solved on the set judged on", standings(test), test.total),
      el("h3", { class: "lab-h3", text: "On the set solved on" }), dots("Solved on the set solved on", standings(train), train.total),
      disclosure("The weights", table("Weights", ["Member", "Weight"], members.map((member, place) => [foreign(member), percent(weights[place], 2)]), { className: "is-numeric" }))];
  }

  subsets(result) {
    const rows = result.rows.map(({ members, train, test }) => [foreign(members.join(" + ")), `${train.solved} of ${train.total}`, `${test.solved} of ${test.total}`, plain(test.uniform_solved), plain(test.best_single.solved), plain(test.best_single_here.solved)]);
    const against = (single) => {
      const signs = result.rows.map(({ test }) => Math.sign(test.solved - test[single].solved));
      return [1, 0, -1].map((sign) => plain(signs.filter((each) => each === sign).length));
    };
    return [table("How the solved weights did, judged on the other set", ["Against the single member that is", "Weights better", "Tied", "Weights worse"],
      [["best on the set solved on", ...against("best_single")], ["best on the set judged on, in hindsight", ...against("best_single_here")]], { className: "is-numeric" }),
    disclosure(`All ${counted(result.subsets, "subset")}`, paged(`Subsets of ${result.size} members`, ["Members", "Solved on", "Judged on", "Uniform", "Best single of the first", "Best single here"], rows))];
  }
}

function standings({ solved, uniform_solved: uniform, best_single: chosen, best_single_here: here }) {
  return [
    { label: "Solved weights", value: solved, isMain: true },
    { label: "Uniform weights", value: uniform },
    { label: `Best single of the set solved on: ${chosen.member}`, value: chosen.solved },
    { label: `Best single here, in hindsight: ${here.member}`, value: here.solved },
  ];
}

/* A long table, a page at a time. */
function paged(caption, heads, rows, className = "is-numeric") {
  const node = el("div");
  const turn = (page) => {
    const from = page * PAGE;
    const back = button("Previous", null, () => turn(page - 1), { disabled: page === 0 });
    const next = button("Next", null, () => turn(page + 1), { disabled: from + PAGE >= rows.length });
    node.replaceChildren(table(caption, heads, rows.slice(from, from + PAGE), { className }),
      rows.length > PAGE ? el("div", { class: "lab-pager" }, back, next, el("span", { class: "fx-hint", text: `${from + 1} to ${Math.min(rows.length, from + PAGE)} of ${rows.length}` })) : "");
  };
  turn(0);
  return node;
}

class Learning {
  constructor(lab) {
    this.lab = lab;
    Object.assign(this, section("Learning curve", "How many questions with a known answer it takes until weights pay, judged only on questions they were not solved on.", "learning"));
    this.trials = numberInput(20, { min: 1, max: 1000 });
    this.task = new Task("Draw the curve", "Solving", (signal) => this.solve(signal));
    this.plot = new LearningPlot();
    this.told = el("div");
    this.rows = el("div");
    this.result = el("div", { class: "lab-result", hidden: true }, this.told, this.plot.node, this.rows);
    this.body.append(el("form", { class: "lab-settings", submit: (event) => { event.preventDefault(); this.task.run(); } }, field("Trials a size", this.trials), this.task.node), this.result);
  }

  async solve(signal) {
    const { address } = this.lab;
    this.lab.made(await post(`${LAB}/curve`, { selection: address.selection, trials: Number(this.trials.value), seed: Number(address.seed) }, signal));
  }

  restore({ trials }) {
    this.trials.value = String(trials);
  }

  show(report) {
    show(this.result, true);
    const { points, total, trials, seed, members } = report.result;
    this.told.replaceChildren(provenance(report, `${counted(total, "question")} with a gold answer, ${counted(trials, "trial")} a size, seed ${seed}; ${listed(members)}.`));
    this.plot.show(report.result);
    this.rows.replaceChildren(disclosure("All numbers", table("Learning curve", ["Questions", "Solved weights", "95 %", "Uniform weights", "Best single"],
      points.map((point) => [plain(point.questions), percent(point.accuracy), span(point.low, point.high), percent(point.uniform), percent(point.best_single)]), { className: "is-numeric" })));
  }
}
