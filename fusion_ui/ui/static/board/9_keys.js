/* Shortcuts: one list that both acts and is shown on the sheet, so that no documented key can do nothing. */

class Shortcuts {
  constructor(board) {
    this.board = board;
    this.isOn = memory.get("fx-keys-off") !== true;
    this.list = [
      { keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"], shown: "1 – 9", words: "Go to candidate 1 to 9", act: (key) => board.jump(Number(key)) },
      { keys: ["ArrowRight"], shown: "→", words: "Next candidate (on a candidate)", onCard: true, act: () => this.step(1) },
      { keys: ["ArrowLeft"], shown: "←", words: "Previous candidate (on a candidate)", onCard: true, act: () => this.step(-1) },
      { keys: ["b"], shown: "B", words: "Go to the Best-of-N pick", act: () => board.go(board.best.node) },
      { keys: ["f"], shown: "F", words: "Go to the fused answer", act: () => board.go(board.fusion.node) },
      { keys: ["v"], shown: "V", words: "Go to the vote", act: () => board.go(board.vote.node) },
      { keys: ["p"], shown: "P", words: "Prefer the output in focus", act: () => this.press(".fx-preferer") },
      { keys: ["+", "="], shown: "+", words: "One star more for the output in focus", act: () => this.star(1) },
      { keys: ["-"], shown: "−", words: "One star less", act: () => this.star(-1) },
      { keys: ["m"], shown: "M", words: "Raw or rendered text of the output in focus", act: () => this.press(".fx-rawer") },
      { keys: ["n"], shown: "N", words: "Write a note", act: () => !board.rating.node.hidden && board.rating.open() },
      { keys: ["Escape"], shown: "Esc", words: "Leave a text field, clear the highlighted sources", act: () => board.sources.clear() },
      { keys: ["?"], shown: "?", words: "This sheet", act: () => this.open() },
    ];
    this.sheet = this.buildSheet();
    this.listener = (event) => this.hear(event);
    document.addEventListener("keydown", this.listener);
  }

  buildSheet() {
    const toggle = el("input", { type: "checkbox", change: () => { this.isOn = toggle.checked; memory.set("fx-keys-off", this.isOn ? null : true); } });
    toggle.checked = this.isOn;
    const rows = this.list.map(({ shown, words }) => el("div", {}, el("dt", {}, el("kbd", { text: shown })), el("dd", { text: words })));
    const sheet = el("dialog", { class: "fx-sheet", "aria-label": "Keyboard shortcuts" }, el("h2", { class: "fx-h", text: "Keyboard shortcuts" }),
      el("dl", {}, ...rows), el("p", { class: "fx-hint" }, "In the note, ", el("kbd", { text: "Ctrl" }), " + ", el("kbd", { text: "Enter" }), " saves the rating."),
      el("label", { class: "fx-check" }, toggle, "Single-key shortcuts are on"),
      el("form", { method: "dialog" }, button("Close", "cross", () => sheet.close(), { class: "fx-btn" })));
    return sheet;
  }

  open() {
    if (!this.sheet.open) this.sheet.showModal();
  }

  hear(event) {
    const { board } = this;
    if (!board.root.isConnected) {
      document.removeEventListener("keydown", this.listener);
      return;
    }
    if (event.repeat || event.isComposing || event.defaultPrevented || this.sheet.open) return;
    const { target } = event;
    const isOurs = target === document.body || board.root.contains(target);
    if (isOurs && target === board.rating.note && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      board.rating.submit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !isOurs) return;
    if (target.matches(TYPING)) {
      if (event.key === "Escape") target.blur();
      return;
    }
    this.act(event);
  }

  act(event) {
    if (!this.isOn && event.key !== "Escape") return;
    const found = this.list.find(({ keys }) => keys.includes(event.key));
    if (!found || (found.onCard && !event.target.matches(".fx-cand"))) return;
    if (found.act(event.key) !== false) event.preventDefault();
  }

  /* The card that holds the focus. */
  get here() {
    const { activeElement } = document;
    return activeElement && activeElement.closest(".fx-cand, .fx-top-card");
  }

  step(by) {
    const cards = [...this.board.grid.querySelectorAll(".fx-cand")];
    const next = cards[cards.indexOf(this.here) + by];
    if (!next) return false;
    this.board.go(next);
    return true;
  }

  press(selector) {
    const control = this.here && this.here.querySelector(selector);
    if (!control || !control.offsetParent) return false;
    control.click();
    return true;
  }

  star(by) {
    const { rating } = this.board;
    const verdict = rating.verdicts.find(({ node, stars }) => stars && !node.hidden && this.here && this.here.contains(node));
    if (!verdict) return false;
    const stars = (rating.draft.stars[verdict.starred] || 0) + by;
    if (stars >= 0 && stars <= 5) rating.setStars(verdict.starred, stars);
    return true;
  }
}
