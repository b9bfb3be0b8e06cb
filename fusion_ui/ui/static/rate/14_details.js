/* What is asked after the choice: reasons by answer, confidence, whether something should be looked up, a note. None of it holds anybody up. */

const CONFIDENCES = ["low", "medium", "high"];

class Details {
  constructor(screen, letters, trial) {
    this.screen = screen;
    this.letters = letters;
    const { asks } = trial;
    this.words = asks.reasons || [];
    this.hasKeys = trial.task === "pairwise";
    this.reasons = letters.map((letter, side) => this.side(letter, side));
    this.confidence = this.confidenceField(asks.confidence);
    this.lookup = el("input", { type: "checkbox", change: () => this.setLookup(this.lookup.checked) });
    this.note = el("textarea", { class: "fx-input rate-note", rows: "1", maxlength: "20000", placeholder: "Note (optional)", "aria-label": "Note", dir: "auto",
      input: () => { screen.judgement.note = this.note.value; screen.changed(); } });
    this.noteBox = el("div", { class: "rate-note-box" }, this.note, screen.keys.cap("note"));
    show(this.noteBox, asks.notes);
    this.hasNote = asks.notes;
    const hasReasons = this.words.length > 0;
    this.node = el("div", { class: "rate-details" }, ...(hasReasons ? this.reasons.map(({ node }) => node) : []),
      el("div", { class: "rate-rest" }, this.confidence && this.confidence.node, asks.confidence ? this.lookupField() : null, this.noteBox, screen.task.extra));
    this.isWanted = hasReasons || asks.confidence || asks.notes || screen.task.extra;
  }

  static keys(screen, letters, trial) {
    const { reasons = [], confidence, notes } = trial.asks;
    const found = [];
    if (trial.task === "pairwise") {
      for (const [side, letter] of letters.slice(0, 2).entries()) {
        for (const [at, words] of reasons.slice(0, 9).entries()) {
          found.push({ id: `reason-${side}-${at}`, chord: `${side ? "shift+" : ""}${at + 1}`, words: `${letter}: ${words}`, act: () => screen.details.toggle(letter, words) });
        }
      }
    } else if (reasons.length) {
      found.push({ id: "reasons", chord: "w", words: "Go to the reasons", act: () => screen.details.enter() });
    }
    if (confidence) found.push({ id: "confidence", chord: "c", words: "Confidence: low, medium, high", act: () => screen.details.turnConfidence() });
    if (confidence) found.push({ id: "lookup", chord: "q", words: "Needs a lookup: a claim is not checked", act: () => screen.details.turnLookup() });
    if (notes) found.push({ id: "note", chord: "n", words: "Write a note", act: () => screen.details.writeNote() });
    return found;
  }

  side(letter, side) {
    const chips = this.words.map((words, at) => el("button", { type: "button", class: "fx-btn rate-reason", "aria-pressed": "false", click: () => this.toggle(letter, words) },
      this.hasKeys && at < 9 ? this.screen.keys.cap(`reason-${side}-${at}`) : null, el("span", { text: words, dir: "auto" })));
    return { letter, chips, node: el("fieldset", { class: "rate-reasons" }, el("legend", { text: `${letter} is` }), ...chips) };
  }

  confidenceField(isAsked) {
    if (!isAsked) return null;
    const name = `rate-confidence-${newKey()}`;
    const radios = CONFIDENCES.map((value) => el("input", { type: "radio", name, value, change: () => this.setConfidence(value) }));
    const legend = el("legend", {}, "Confidence ", this.screen.keys.cap("confidence"));
    return { radios, node: el("fieldset", { class: "rate-confidence" }, legend, el("div", { class: "fx-segments" }, ...radios.map((radio) => el("label", {}, radio, el("span", { text: radio.value }))))) };
  }

  lookupField() {
    return el("label", { class: "rate-lookup fx-check", title: "A claim was not checked" }, this.lookup, el("span", { text: "needs a lookup" }), this.screen.keys.cap("lookup"));
  }

  toggle(letter, words) {
    if (!this.screen.isChosen) {
      this.screen.say("Choose first, then say why.");
      return;
    }
    const { reasons } = this.screen.judgement;
    const had = reasons[letter] || [];
    const given = had.includes(words) ? had.filter((each) => each !== words) : [...had, words];
    if (given.length) reasons[letter] = given;
    else delete reasons[letter];
    this.screen.changed();
  }

  setConfidence(value) {
    this.screen.judgement.confidence = value;
    this.screen.changed();
  }

  turnConfidence() {
    const at = CONFIDENCES.indexOf(this.screen.judgement.confidence);
    this.setConfidence(CONFIDENCES[(at + 1) % CONFIDENCES.length]);
    this.screen.say(`Confidence: ${this.screen.judgement.confidence}`);
  }

  setLookup(isNeeded) {
    this.screen.judgement.needs_lookup = isNeeded;
    this.screen.changed();
  }

  turnLookup() {
    this.setLookup(!this.screen.judgement.needs_lookup);
    this.screen.say(this.screen.judgement.needs_lookup ? "Needs a lookup" : "Needs no lookup");
  }

  enter() {
    const first = this.node.querySelector(".rate-reason");
    if (first && !this.node.hidden) first.focus();
    else this.screen.say("Choose first, then say why.");
  }

  writeNote() {
    if (this.hasNote) this.note.focus();
  }

  draw(judgement) {
    for (const { letter, chips } of this.reasons) {
      for (const [at, chip] of chips.entries()) chip.setAttribute("aria-pressed", String((judgement.reasons[letter] || []).includes(this.words[at])));
    }
    for (const { node } of this.reasons) {
      node.disabled = !this.screen.isChosen;
      show(node, this.hasKeys || this.screen.isChosen);
    }
    if (this.confidence) for (const radio of this.confidence.radios) radio.checked = radio.value === judgement.confidence;
    this.lookup.checked = judgement.needs_lookup;
    if (this.note.value !== judgement.note && document.activeElement !== this.note) this.note.value = judgement.note;
  }
}
