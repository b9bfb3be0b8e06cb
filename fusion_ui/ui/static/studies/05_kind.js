/* The first decision: what is compared. A preset, or a question and outputs of one's own. */

class Kind {
  constructor(changed) {
    this.changed = changed;
    const name = newId();
    this.inputs = [...KINDS_OF_STUDY, OWN_KIND].map((kind) => {
      const input = el("input", { type: "radio", name, value: kind.key, change: () => this.pick(kind.key) });
      const missing = el("span", { class: "st-missing", hidden: true });
      return { kind, input, missing, node: el("label", { class: "st-kind" }, input, el("span", {}, el("strong", { text: kind.words }), el("span", { class: "fx-hint", text: kind.hint }), missing)) };
    });
    this.tasks = new Choices("What is asked", Object.entries(TASKS).map(([key, words]) => [words, key]), "pairwise", (task) => this.ownTask(task));
    this.roles = Object.keys(ROLES).map((role) => ({ role, ...check(ROLES[role], COMPARED.slice(0, 2).includes(role), () => this.own()) }));
    this.ownNode = el("div", { class: "st-own", hidden: true }, this.tasks.node, el("fieldset", { class: "lab-choices" }, el("legend", { text: "Outputs" }), el("div", { class: "st-checks" }, ...this.roles.map(({ node }) => node))));
    this.node = el("fieldset", { class: "st-decision" }, el("legend", {}, el("b", { "aria-hidden": "true", text: "1" }), "What is compared?"), el("div", { class: "st-kinds" }, ...this.inputs.map(({ node }) => node)), this.ownNode);
    this.set({ task: "pairwise", contrasts: KINDS_OF_STUDY[0].contrasts });
  }

  set({ task, contrasts }) {
    Object.assign(this, { task, contrasts, key: kindOf({ task, contrasts }) });
    this.mark();
  }

  /* How many runs have every output that a preset compares. */
  offer({ runs }) {
    for (const { kind, missing } of this.inputs) {
      const lacking = [...new Set((kind.contrasts || []).flat())].filter((role) => !runs.roles[role]);
      show(missing, lacking.length && runs.count);
      write(missing, lacking.length ? `no run has: ${lacking.map(roleName).join(", ")}` : "");
    }
  }

  pick(key) {
    const kind = KINDS_OF_STUDY.find((each) => each.key === key);
    this.key = key;
    if (kind) Object.assign(this, { task: kind.task, contrasts: kind.contrasts });
    this.mark();
    this.changed();
  }

  mark() {
    for (const { kind, input } of this.inputs) input.checked = kind.key === this.key;
    show(this.ownNode, this.key === "own");
    this.tasks.set(this.task);
    for (const { role, input } of this.roles) input.checked = this.contrasts.flat().includes(role);
  }

  ownTask(task) {
    this.task = task;
    this.own();
  }

  /* Pairs are judged two at a time, everything else together. */
  own() {
    const chosen = this.roles.filter(({ input }) => input.checked).map(({ role }) => role);
    const told = chosen.length === 1 && chosen[0] === "candidate" ? ["candidate", "candidate"] : chosen;
    this.contrasts = this.task === "pairwise" ? pairsOf(told) : [told].filter(({ length }) => length);
    this.changed();
  }

  get title() {
    return titleOf(this.key, this.task, this.contrasts);
  }
}
