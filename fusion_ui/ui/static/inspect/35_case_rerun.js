/* The form for running a prompt again with another recipe. It begins with what this run was made with. */

class CaseRerun {
  constructor(actions, choices) {
    this.actions = actions;
    const { members, selectors, fusors, presets, most, chosen } = choices;
    const { prompt } = actions.caseView.case.run;
    this.sheet = new Sheet("Run this prompt again", { className: "case-rerun" });
    this.members = members.map(({ name, model, scripted }) => {
      const input = el("input", { type: "checkbox", value: name });
      input.checked = chosen.members.includes(name);
      return { input, node: el("label", { class: "fx-check lab-check" }, input, el("span", {}, foreign(name, "fx-name"), " ", el("bdi", { class: "fx-hint", text: scripted ? "scripted" : model === name ? "" : model }))) };
    });
    this.n = el("input", { class: "fx-input lab-number", type: "number", min: "1", max: String(most), value: String(chosen.n), inputmode: "numeric" });
    this.seed = el("input", { class: "fx-input lab-number", type: "number", min: "0", inputmode: "numeric", placeholder: "new" });
    this.preset = this.choice(presets, chosen.preset);
    this.selector = this.choice(selectors, chosen.selector);
    this.fusor = this.choice(fusors, chosen.fusor);
    this.go = command("Run again", "redo", () => this.send(), { class: "fx-btn fx-primary" });
    this.sheet.body.append(
      el("p", { class: "case-asked-again", dir: "auto", text: clipped(prompt, 300) }),
      el("p", { class: "fx-hint", text: "A new run of this prompt; the one you see stays as it is, and History shows both." }),
      el("fieldset", { class: "lab-sets" }, el("legend", { text: "Members" }), el("div", { class: "case-members" }, ...this.members.map(({ node }) => node))),
      el("div", { class: "lab-settings" }, field("Most draws (N)", this.n), field("When to stop", this.preset), field("Best-of-N by", this.selector), field("Fusor", this.fusor), field("Seed", this.seed)),
      this.go.node);
  }

  /* What this run was made with may be gone from the settings: then the first on offer is proposed. */
  choice(options, value) {
    const node = select(options.map(([key, words]) => [words, key]), value, () => {});
    if (node.selectedIndex < 0) node.selectedIndex = 0;
    return node;
  }

  open() {
    this.sheet.open(this.actions.caseView.screen.node);
  }

  async send() {
    const members = this.members.filter(({ input }) => input.checked).map(({ input }) => input.value);
    if (!members.length) throw new Error("Choose at least one member.");
    if (!this.n.checkValidity() || !this.n.value) throw new Error(`N has to be a number from 1 to ${this.n.max}.`);
    if (!this.seed.checkValidity()) throw new Error("The seed has to be a whole number, or empty for a new one.");
    const reply = await this.actions.send("rerun", { members, n: Number(this.n.value), preset: this.preset.value, selector: this.selector.value, fusor: this.fusor.value, seed: this.seed.value ? Number(this.seed.value) : null });
    this.sheet.close();
    this.actions.arrive(reply, "A new run has begun.");
  }
}
