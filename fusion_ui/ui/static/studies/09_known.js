/* Items whose right answer is known: shown first with an explanation (training), or among the others as a check.
   They are kept by run, prompt and outputs, because places move when other runs are chosen. */

/* The units with their keys; those that are alike in all of it, as imported ones can be, are numbered. */
function withKeys(units) {
  const seen = new Map();
  return units.map((unit) => {
    const like = JSON.stringify([unit.run_id, unit.prompt, unit.roles]);
    seen.set(like, (seen.get(like) || 0) + 1);
    return { ...unit, key: `${like} ${seen.get(like)}` };
  });
}

const knownOf = ({ phase, gold_place: gold, feedback }) => ({ use: phase === "training" ? "training" : "gold", gold: gold || 0, feedback: feedback || "" });

class Known {
  constructor(changed) {
    this.changed = changed;
    this.units = [];
    this.kept = []; // {key, use, gold, feedback}
    this.list = el("ol", { class: "st-criteria" });
    this.add = button("Add a known item", "pen", () => this.append());
    this.empty = el("p", { class: "fx-hint", text: "There is nothing to choose from yet." });
    this.node = el("div", { class: "st-group" },
      el("p", { class: "fx-hint", text: "Training items come first and explain themselves after the answer; checks look like every other item and tell how careful somebody is." }), this.list, this.empty, el("div", { class: "st-row" }, this.add));
  }

  /* After a preview: the same units may stand in other places now. */
  offer(units) {
    this.units = withKeys(units).filter(({ is_identical }) => !is_identical);
    if (this.waiting) this.adopt(this.waiting);
    show(this.add, this.units.length);
    show(this.empty, !this.units.length);
    const keys = this.units.map(({ key }) => key);
    const isMoved = !sameJson(keys, this.drawn);
    this.drawn = keys;
    if (isMoved) this.draw();
  }

  /* What an earlier version had: its units by place, known only after the first preview. */
  expect(units) {
    this.waiting = units.filter(({ phase, gold_place }) => phase === "training" || gold_place !== null);
    this.kept = [];
  }

  adopt(waiting) {
    this.waiting = null;
    const at = new Map(this.units.map((unit) => [unit.place, unit]));
    this.kept = waiting.filter(({ place }) => at.has(place)).map((unit) => ({ key: at.get(unit.place).key, ...knownOf(unit) }));
    this.drawn = null;
  }

  append() {
    const used = new Set(this.kept.map(({ key }) => key));
    const free = this.units.find(({ key }) => !used.has(key));
    if (!free) return;
    this.kept.push({ key: free.key, use: "training", gold: 0, feedback: "" });
    this.draw();
    this.list.lastElementChild.querySelector("select").focus();
    this.changed();
  }

  draw() {
    const at = new Map(this.units.map((unit) => [unit.key, unit]));
    this.list.replaceChildren(...this.kept.filter(({ key }) => at.has(key)).map((each) => this.row(each, at.get(each.key))));
  }

  row(each, unit) {
    const set = (name, isRedrawn) => (value) => {
      each[name] = value;
      if (isRedrawn) this.draw();
      this.changed();
    };
    const prompts = select(this.units.map((other) => [`${clipped(other.prompt, 60)} (${contrastName(other.roles)})`, other.key]), each.key, set("key", true));
    const feedback = el("input", { class: "fx-input", type: "text", value: each.feedback, maxlength: "2000", input: () => set("feedback")(feedback.value) });
    return el("li", {}, field("Item", prompts),
      el("div", { class: "lab-settings" }, field("Used as", select([["Training", "training"], ["Check", "gold"]], each.use, set("use", true))),
        field("Right answer", select(unit.roles.map((role, place) => [roleName(role), String(place)]), String(each.gold), (place) => set("gold")(Number(place))))),
      each.use === "training" ? field("Explanation shown afterwards", feedback) : null,
      button("Remove", "cross", () => {
        this.kept.splice(this.kept.indexOf(each), 1);
        this.draw();
        this.add.focus();
        this.changed();
      }, { class: "fx-btn fx-quiet" }));
  }

  get value() {
    const at = new Map(this.units.map((unit) => [unit.key, unit]));
    const known = this.waiting ? this.waiting.map((unit) => ({ place: unit.place, ...knownOf(unit) })) : this.kept.filter(({ key }) => at.has(key)).map((each) => ({ ...each, place: at.get(each.key).place }));
    return {
      training: Object.fromEntries(known.filter(({ use }) => use === "training").map(({ place, gold, feedback }) => [place, { gold, feedback }])),
      gold: Object.fromEntries(known.filter(({ use }) => use === "gold").map(({ place, gold }) => [place, gold])),
    };
  }
}
