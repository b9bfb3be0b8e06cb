/* The dialogs: skip with a reason, the sheet of keys, the guidelines, and what differs between two answers. While one
   is open no key of the screen acts. */

class Dialog {
  constructor(label, ...children) {
    this.node = el("dialog", { class: "fx-sheet rate-dialog", "aria-label": label }, el("header", {}, el("h2", { class: "fx-h", text: label }), el("span", { class: "rate-space" }),
      button("Close", "cross", () => this.close(), { class: "fx-btn fx-quiet" })), ...children);
    this.node.addEventListener("click", (event) => { if (event.target === this.node) this.close(); });
  }

  open() {
    if (!this.node.open) this.node.showModal();
  }

  close() {
    this.node.close();
  }
}

class SkipDialog extends Dialog {
  constructor(screen) {
    const reasons = el("div", { class: "rate-skip-reasons" });
    super("Skip this item", el("p", { class: "fx-hint", text: "It goes to somebody else. Why?" }), reasons);
    this.screen = screen;
    this.reasons = reasons;
    this.name = `rate-skip-${newKey()}`;
    this.why = null;
    this.send = button("Skip it", "check", () => this.finish(), { class: "fx-btn fx-primary" });
    this.node.append(el("footer", {}, el("span", { class: "fx-hint", text: "Number, then Enter" }), el("span", { class: "rate-space" }), this.send));
    this.node.addEventListener("keydown", (event) => this.hear(event));
  }

  ask(words, preset) {
    this.words = words;
    this.reasons.replaceChildren(...words.map((why, at) => el("label", { class: "fx-check" }, el("input", { type: "radio", name: this.name, value: why, change: () => this.choose(why) }),
      el("kbd", { "aria-hidden": "true", text: String(at + 1) }), el("span", { text: why, dir: "auto" }))));
    this.choose(preset || null);
    this.open();
    const first = this.reasons.querySelector("input:checked, input");
    if (first) first.focus(); // and not on Close, where Enter would close
  }

  choose(why) {
    this.why = why;
    for (const radio of this.reasons.querySelectorAll("input")) {
      radio.checked = radio.value === why;
      if (radio.checked && this.node.open) radio.focus();
    }
    this.send.disabled = this.words.length > 0 && !why;
  }

  hear(event) {
    if (event.repeat || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const number = /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
    if (number && this.words[number - 1]) this.choose(this.words[number - 1]);
    else if (event.key === "Enter" && !event.target.closest("button")) this.finish();
    else return;
    event.preventDefault();
  }

  finish() {
    if (this.send.disabled) return;
    this.close();
    this.screen.skip(this.why);
  }
}

class GuideDialog extends Dialog {
  constructor() {
    const prose = el("div", { class: "fx-prose", tabindex: "0", role: "group", "aria-label": "Text of the guidelines" });
    super("Guidelines", prose);
    this.prose = prose;
  }

  show(html) {
    this.prose.innerHTML = html; // sanitised on the server
    if (!html) this.prose.replaceChildren(el("p", { class: "fx-hint", text: "This study has no written guidelines." }));
  }
}

/* Every key as it is now; each can be changed unless it is fixed. */
class KeySheet extends Dialog {
  constructor(keys) {
    const rows = el("div", { class: "rate-keys" });
    super("Keys", rows);
    this.keys = keys;
    this.rows = rows;
    this.told = el("p", { class: "rate-told", role: "status" });
    this.node.append(this.told, el("footer", {}, button("Reset all keys", "redo", () => { keys.reset(); this.draw(); }, { class: "fx-btn" })));
    this.node.addEventListener("keydown", (event) => this.hear(event), true);
    this.node.addEventListener("close", () => { this.waiting = null; });
  }

  ask() {
    write(this.told, "");
    this.draw();
    this.open();
  }

  draw() {
    const layers = [["judge", "Judging"], ["spans", "Marking errors (after E)"], ["all", "Anywhere"]];
    this.rows.replaceChildren(...layers.flatMap(([layer, title]) => {
      const bindings = this.keys.bindings.filter((binding) => binding.layer === layer);
      return bindings.length ? [el("h3", { class: "rate-h3", text: title }), el("dl", {}, ...bindings.map((binding) => this.row(binding)))] : [];
    }));
  }

  row(binding) {
    const caps = [binding.chord, ...(binding.also || [])].map((chord) => el("kbd", { text: capOf(chord) }));
    const change = binding.isFixed ? null : button("Change", null, () => this.wait(binding, change), { class: "fx-btn fx-quiet", "aria-label": `Change the key for “${binding.words}”` });
    return el("div", {}, el("dt", {}, ...caps), el("dd", {}, el("span", { text: binding.words }), change));
  }

  wait(binding, control) {
    this.waiting = binding;
    relabel(control, "Press a key");
    write(this.told, `Press the new key for “${binding.words}”, or Escape.`);
  }

  hear(event) {
    const { waiting } = this;
    if (!waiting || event.repeat || ["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    this.waiting = null;
    const objection = event.key === "Escape" ? "Nothing was changed." : this.keys.rebind(waiting.id, chordOf(event));
    this.draw();
    write(this.told, objection || `“${waiting.words}” is now ${capOf(waiting.chord)}.`);
    const again = [...this.rows.querySelectorAll("button")].find((node) => node.getAttribute("aria-label") === `Change the key for “${waiting.words}”`);
    if (again) again.focus();
  }
}

/* Word by word: what two answers share is dimmed, what only one says is underlined. */
class DiffDialog extends Dialog {
  constructor(screen) {
    const choices = el("div", { class: "rate-diff-choice" });
    const box = el("div", { class: "rate-diff" });
    super("Difference", choices, box);
    this.screen = screen;
    this.choices = choices;
    this.box = box;
    this.node.addEventListener("keydown", (event) => { if (event.key.toLowerCase() === "d" && !event.repeat && !event.target.matches("select")) { event.preventDefault(); this.close(); } });
  }

  ask(trial) {
    this.trial = trial;
    const letters = trial.answers.map(({ letter }) => letter);
    const pick = (label, chosen) => {
      const select = el("select", { class: "fx-input", "aria-label": label, change: () => this.load() }, ...letters.map((letter) => el("option", { value: letter, text: `Answer ${letter}` })));
      select.value = letters[chosen];
      return select;
    };
    this.pair = [pick("First answer", 0), pick("Second answer", 1)];
    this.choices.replaceChildren(this.pair[0], el("span", { text: "and" }), this.pair[1]);
    show(this.choices, letters.length > 2);
    this.open();
    return this.load();
  }

  async load() {
    const [first, second] = this.pair.map((select) => select.value);
    const asked = `${this.trial.id}:${first}:${second}`;
    this.asked = asked;
    this.box.replaceChildren(el("p", { class: "fx-hint", text: "Comparing …" }));
    try {
      const said = await call(`${trialPath(this.trial.id, "diff")}?first=${first}&second=${second}&${asRater(this.screen.rater)}`);
      if (this.asked === asked) this.box.replaceChildren(this.side(first, said.first), this.side(second, said.second));
    } catch (error) {
      if (this.asked === asked) this.box.replaceChildren(el("p", { class: "fx-alert", role: "alert", text: `They could not be compared: ${error.message}` }));
    }
  }

  side(letter, pieces) {
    return el("section", { "aria-label": `Words of answer ${letter}`, tabindex: "0" }, el("h3", { class: "rate-h3", text: `Answer ${letter}` }),
      el("p", { class: "rate-diff-text", dir: "auto" }, ...pieces.map(({ text, kind }) => (kind === "same" ? el("span", { class: "is-same", text }) : el("ins", { text })))));
  }
}
