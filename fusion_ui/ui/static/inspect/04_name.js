/* Who marks and corrects is asked once, and kept for Compare and the rating screen, too. */

class NameSheet extends Sheet {
  constructor() {
    super("Who are you?", { className: "is-small", left: () => this.settle(null) });
    this.input = el("input", { class: "fx-input", type: "text", maxlength: "80", autocomplete: "nickname", dir: "auto", required: true });
    const form = el("form", { class: "in-name", submit: (event) => this.take(event) },
      field("Name", this.input, "It stands beside what you mark and correct."), el("div", {}, el("button", { type: "submit", class: "fx-btn fx-primary", text: "Go on" })));
    this.body.append(form);
  }

  ask(root) {
    return new Promise((settle) => {
      this.settle = settle;
      this.open(root);
      this.input.focus();
    });
  }

  take(event) {
    event.preventDefault();
    const name = this.input.value.trim();
    if (!name) return;
    memory.set("fx-rater", name);
    this.settle(name);
    this.close();
  }
}
