/* Everything that has a sensible default: what people see, what they may say, and how care is measured. */

const TICKS = {
  is_blind: ["Blind", "who wrote which answer is not told"],
  reveals: ["Reveal after saving", "later changes are marked"],
  masks_names: ["Mask self-naming phrases", "“As ChatGPT, …” becomes ▮▮▮"],
  shows_reference: ["Show the reference answer", "where a prompt has one"],
  takes_reasons: ["Reasons", "one-press words for each answer"],
  takes_confidence: ["Confidence", "low, medium or high"],
  takes_notes: ["Notes", "free text"],
  takes_spans: ["Error spans", "mark mistakes in the text by class and severity"],
};

class Rules {
  constructor(changed) {
    this.changed = changed;
    this.ticks = Object.fromEntries(Object.entries(TICKS).map(([name, [words, hint]]) => [name, check(el("span", {}, words, el("span", { class: "fx-hint", text: ` ${hint}` })), false, changed)]));
    this.instructions = el("textarea", { class: "fx-input", rows: "5", input: changed, placeholder: "Which answer would you rather have got? Judge what is said, not how long it is." });
    this.reasons = el("textarea", { class: "fx-input", rows: "3", input: changed });
    this.skips = el("textarea", { class: "fx-input", rows: "3", input: changed });
    this.repeats = numberInput(5, { min: 0, max: 50, step: "any", change: changed });
    this.fast = numberInput(3, { min: 0, max: 600, step: "any", change: changed });
    this.lease = numberInput(30, { min: 1, max: 1440, change: changed });
    this.seed = numberInput(0, { min: 0, max: 2 ** 53 - 1, change: changed });
    this.criteria = new Criteria(changed);
    this.known = new Known(changed);
    const ticked = (...names) => el("div", { class: "st-ticks" }, ...names.map((name) => this.ticks[name].node));
    const group = (title, ...parts) => el("section", { class: "st-group" }, el("h3", { class: "lab-h3", text: title }), ...parts);
    this.node = el("details", { class: "fx-fold st-more" }, el("summary", { text: "More: instructions, criteria, training, blindness, permissions" }), el("div", { class: "st-more-body" },
      group("Instructions", field("For the people who judge (Markdown)", this.instructions)),
      group("Criteria", this.criteria.node),
      group("Training and checks", this.known.node),
      group("What people see", ticked("is_blind", "reveals", "masks_names", "shows_reference")),
      group("What people may say", ticked("takes_reasons", "takes_confidence", "takes_notes", "takes_spans"), el("div", { class: "st-pair" }, field("Reasons, one a line", this.reasons), field("Reasons to skip, one a line", this.skips))),
      group("Care", el("div", { class: "lab-settings" }, field("Repeats, %", this.repeats, "Shown again to see if one agrees with oneself"), field("Too fast under, s", this.fast), field("Kept for, minutes", this.lease, "An item given out and not judged"), field("Seed", this.seed, "Of orders and sides")))));
  }

  set(protocol, { rubric } = {}) {
    if (rubric) this.criteria.rubric = rubric;
    for (const [name, { input }] of Object.entries(this.ticks)) input.checked = !!protocol[name];
    this.instructions.value = protocol.instructions;
    this.reasons.value = protocol.reasons.join("\n");
    this.skips.value = protocol.skip_reasons.join("\n");
    this.repeats.value = String(Number((100 * protocol.repeats).toFixed(4)));
    this.fast.value = String(protocol.fast_seconds);
    this.lease.value = String(protocol.lease_minutes);
    this.seed.value = String(protocol.seed);
    this.criteria.set(protocol.criteria);
  }

  get value() {
    return {
      ...Object.fromEntries(Object.entries(this.ticks).map(([name, { input }]) => [name, input.checked])),
      instructions: this.instructions.value, reasons: linesOf(this.reasons.value), skip_reasons: linesOf(this.skips.value),
      repeats: Number((Number(this.repeats.value) / 100).toFixed(6)), fast_seconds: Number(this.fast.value), lease_minutes: Number(this.lease.value), seed: Number(this.seed.value),
      criteria: this.criteria.value, ...this.known.value,
    };
  }
}
