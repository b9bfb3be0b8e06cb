/* What was asked: in sight all the time, folded away with P, copied, and the reference answer if the study shows it. */

class PromptCard {
  constructor(keys) {
    this.text = el("div", { class: "fx-prose rate-prompt-text", id: "rate-prompt-text" });
    this.box = el("div", { class: "rate-prompt-box", tabindex: "0", role: "group", "aria-label": "Prompt" }, this.text);
    this.fold = button("Fold", "tall", () => this.toggle(), { "aria-expanded": "true", "aria-controls": "rate-prompt-text", class: "fx-btn fx-quiet" });
    this.fold.append(keys.cap("fold"));
    this.copy = button("Copy", "copy", () => copyText(this.plain, this.copy), { class: "fx-btn fx-quiet" });
    this.reference = el("details", { class: "fx-fold rate-reference" }, el("summary", { text: "Reference answer" }), el("div", { class: "fx-prose" }));
    this.node = el("section", { class: "rate-prompt fx-card", "aria-label": "Prompt and reference" },
      el("header", {}, el("h2", { class: "fx-h", text: "Prompt" }), el("span", { class: "rate-space" }), this.copy, this.fold), this.box, this.reference);
  }

  show(trial) {
    this.plain = trial.prompt;
    this.text.innerHTML = trial.prompt_html; // sanitised on the server
    this.box.scrollTop = 0;
    this.reference.open = false;
    show(this.reference, trial.reference);
    this.reference.lastChild.innerHTML = trial.reference || ""; // sanitised on the server
  }

  toggle() {
    const isFolded = this.node.classList.toggle("is-folded");
    this.fold.setAttribute("aria-expanded", String(!isFolded));
    relabel(this.fold, isFolded ? "Unfold" : "Fold");
  }
}
