/* The form for running a prompt again with another recipe. What is not chosen anew stays as the run had it, also what
   the settings do not offer any more. */

class CaseRerun {
  constructor(actions, { members, selectors, fusors, presets, most, had }) {
    this.actions = actions;
    this.had = had;
    this.sheet = new Sheet("Run this prompt again", { className: "case-rerun" });
    this.members = members.map((member) => this.member(member));
    this.n = el("input", { class: "fx-input lab-number", type: "number", min: "1", max: String(most), value: String(had.n), required: true, inputmode: "numeric" });
    this.seed = el("input", { class: "fx-input lab-number", type: "number", min: "0", max: String(Number.MAX_SAFE_INTEGER), inputmode: "numeric", placeholder: "a new one" });
    this.preset = this.choice(presets, had.stop);
    this.selector = this.choice(selectors, had.selector);
    this.fusor = this.choice(fusors, had.fusor);
    const { control, node } = command("Run again", "redo", () => this.send(), { class: "fx-btn fx-primary" });
    this.go = control;
    this.sheet.body.append(
      el("p", { class: "case-asked-again", dir: "auto", text: clipped(actions.caseView.case.run.prompt, 300) }),
      el("p", { class: "fx-hint", text: "A new run of this prompt; the one you see stays as it is, and History shows both." }),
      el("fieldset", { class: "lab-sets" }, el("legend", { text: "Members" }), el("div", { class: "case-members" }, ...this.members.map(({ label }) => label)), this.none()),
      el("div", { class: "lab-settings" }, field("Most draws (N)", this.n), field("When to stop", this.preset), field("Best-of-N by", this.selector), field("Fusor", this.fusor), field("Seed", this.seed)),
      node);
  }

  member({ name, model, scripted }) {
    const input = el("input", { type: "checkbox", value: name });
    input.checked = this.had.members.includes(name);
    const more = scripted ? "scripted" : model === name ? "" : model;
    return { input, label: el("label", { class: "fx-check lab-check" }, input, el("span", {}, foreign(name, "fx-name"), " ", foreign(more, "fx-hint"))) };
  }

  none() {
    return this.had.members.length ? null : el("p", { class: "fx-hint", text: "The candidates of this run were recorded. With nobody ticked they are taken again." });
  }

  choice(options, had) {
    return select([[`As before: ${had}`, ""], ...options.map(([value, words]) => [words, value])], "", () => {});
  }

  open() {
    this.sheet.open(this.actions.caseView.screen.node);
  }

  get chosen() {
    return this.members.filter(({ input }) => input.checked).map(({ input }) => input.value);
  }

  /* Only what was changed. */
  get changes() {
    const { chosen, had } = this;
    const isSame = chosen.length === had.members.length && chosen.every((name) => had.members.includes(name));
    const told = { members: isSame ? null : chosen, n: Number(this.n.value) === had.n ? null : Number(this.n.value), preset: this.preset.value || null,
      selector: this.selector.value || null, fusor: this.fusor.value || null, seed: this.seed.value ? Number(this.seed.value) : null };
    return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null));
  }

  async send() {
    if (!this.chosen.length && this.had.members.length) throw new Error("Choose at least one member.");
    if (!this.n.checkValidity()) throw new Error(`N has to be a whole number from 1 to ${this.n.max}.`);
    if (!this.seed.checkValidity()) throw new Error("The seed has to be a whole number, or empty for a new one.");
    const reply = await this.actions.send("rerun", this.changes);
    this.sheet.close();
    this.actions.arrive(reply, "A new run has begun.");
  }
}
