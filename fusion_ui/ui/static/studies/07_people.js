/* The third decision: who judges, and how many people each item. */

class People {
  constructor(changed) {
    this.changed = changed;
    this.kinds = new Choices("Who may judge", [["Anyone with the link", "anyone"], ["Only named people", "named"]], "anyone", (kind) => this.pick(kind), { isQuiet: true });
    this.names = el("textarea", { class: "fx-input st-names", rows: "2", placeholder: "ada, ben, chloe", input: changed });
    this.known = el("div", { class: "st-row" });
    this.namesBox = el("div", { class: "st-panel" }, field("Names, separated by commas", this.names), this.known);
    this.overlap = numberInput(2, { min: 1, max: 50, change: changed });
    this.hint = el("p", { class: "fx-hint", text: "Two or more people on each item show how far they agree." });
    this.node = el("fieldset", { class: "st-decision" }, el("legend", {}, el("b", { "aria-hidden": "true", text: "3" }), "Who judges?"), this.kinds.node, this.namesBox,
      el("div", { class: "lab-settings" }, field("People on each item", this.overlap), this.hint));
    this.pick("anyone", true);
  }

  offer({ raters }) {
    this.known.replaceChildren(...(raters.length ? [el("span", { class: "fx-hint", text: "Known:" })] : []), ...raters.slice(0, 20).map((name) => el("button", { type: "button", class: "fx-btn", "aria-label": `Add ${name}`, click: () => this.add(name) }, foreign(name))));
  }

  add(name) {
    this.names.value = [...new Set([...namesIn(this.names.value), name])].join(", ");
    this.changed();
  }

  pick(kind, isQuiet) {
    this.kind = kind;
    this.kinds.set(kind);
    show(this.namesBox, kind === "named");
    if (!isQuiet) this.changed();
  }

  set({ raters, overlap }) {
    this.names.value = raters.join(", ");
    this.overlap.value = String(overlap);
    this.pick(raters.length ? "named" : "anyone", true);
  }

  get raters() {
    return this.kind === "named" ? namesIn(this.names.value) : [];
  }
}
