/* The search box, and what can be said in it. */

const SEARCH_MS = 250;
const SAYINGS = [
  ["river delta", "both words, anywhere in the case: prompt, answers or notes"],
  ['"carry the one"', "these words in this order"],
  ["arithm*", "words that begin so"],
  ["prompt:bridge", "in the prompt only"],
  ['answer:"I cannot"', "in an answer: a candidate, the pick or the fused one"],
  ["note:unclear", "in what people noted"],
];

class SearchBox {
  constructor(browser) {
    this.browser = browser;
    this.said = "";
    this.input = el("input", { class: "fx-input in-search", type: "search", maxlength: "1000", dir: "auto", placeholder: "Search prompts, answers and notes", "aria-label": "Search", "aria-describedby": "in-search-hint", autocomplete: "off", spellcheck: "false",
      input: () => this.wait(), blur: () => { this.isTyping = false; }, keydown: (event) => this.key(event) });
    this.wait = settled(() => this.commit(), SEARCH_MS);
    this.help = el("div", { class: "in-sayings", id: "in-sayings", hidden: true }, el("p", { class: "fx-hint", text: "Case, accents and width do not matter. All words must occur." }),
      el("dl", {}, ...SAYINGS.flatMap(([said, meaning]) => [el("dt", {}, el("button", { type: "button", class: "in-saying", text: said, click: () => this.say(said) })), el("dd", { text: meaning })])));
    this.asking = el("button", { type: "button", class: "fx-btn fx-quiet in-how", "aria-expanded": "false", "aria-controls": "in-sayings", click: () => this.turn() }, el("span", { text: "What can be said" }));
    this.node = el("form", { class: "in-searching", role: "search", "aria-label": "Runs", submit: (event) => this.submit(event) },
      el("div", { class: "in-search-row" }, this.input, browser.screen.keys.cap("list-search"), this.asking), el("span", { class: "fx-sr", id: "in-search-hint", text: "Words, phrases in quotes, or prompt:, answer: and note: before a word." }), this.help);
  }

  /* What is being typed stays, unless the address came to say something else. */
  draw() {
    const text = this.browser.address.value("q");
    if (text === this.said) return;
    this.said = text;
    this.isTyping = false;
    this.input.value = text;
  }

  turn(isShown = this.help.hidden) {
    show(this.help, isShown);
    this.asking.setAttribute("aria-expanded", String(isShown));
  }

  say(words) {
    this.input.value = words;
    this.turn(false);
    this.input.focus();
    this.commit();
  }

  key(event) {
    if (event.key === "ArrowDown" && !event.isComposing) {
      event.preventDefault();
      this.browser.list.step(0);
    }
  }

  submit(event) {
    event.preventDefault();
    this.commit();
    this.browser.list.step(0);
  }

  /* A word that grows letter by letter is one step for Back. */
  commit() {
    const text = this.input.value.trim();
    if (text === this.browser.address.value("q")) return;
    this.said = text;
    const isNew = !this.isTyping;
    this.isTyping = document.activeElement === this.input;
    this.browser.replace("q", text, { isNew });
  }
}
