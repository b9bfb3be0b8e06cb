/* The answers side by side: equal columns with their own scroll, rendered or raw, scrolled together if wanted. All are
   drawn at once, and nothing tells them apart but their letter and their words. */

class AnswerColumn {
  constructor(answer, tools) {
    this.letter = answer.letter;
    this.text = answer.text;
    this.html = answer.html;
    this.marks = [];
    this.prose = el("div", { class: "fx-prose rate-text" });
    this.body = el("div", { class: "fx-body rate-body", tabindex: "0", role: "group", "aria-label": `Text of answer ${this.letter}` }, this.prose);
    this.chips = el("div", { class: "rate-chips" });
    this.tools = el("div", { class: "rate-column-tools" }, ...tools);
    this.node = el("article", { class: "rate-answer fx-card", "aria-label": `Answer ${this.letter}`, "data-letter": this.letter },
      el("header", {}, el("h2", { class: "fx-h", text: this.letter, "aria-label": `Answer ${this.letter}` }), this.chips, this.tools), this.body);
  }

  draw(isRaw) {
    const top = this.body.scrollTop;
    if (!this.text.trim()) this.prose.replaceChildren(el("p", { class: "fx-hint", text: "This answer is empty." }));
    else if (isRaw) this.prose.replaceChildren(el("pre", { class: "fx-raw", dir: "auto", "data-o": "0", text: this.text }));
    else this.prose.innerHTML = this.html; // sanitised on the server
    for (const { passage, ...look } of this.marks) drawPassage(this.prose, passage, look);
    this.body.scrollTop = top;
  }

  jumpTo(label) {
    const mark = [...this.prose.querySelectorAll("[data-label]")].find((node) => node.dataset.label === label);
    if (!mark) return;
    mark.scrollIntoView({ block: "center", inline: "nearest" });
    for (const node of this.prose.querySelectorAll(".is-lit")) node.classList.remove("is-lit");
    mark.classList.add("is-lit");
  }
}

class Answers {
  constructor(screen) {
    this.screen = screen;
    this.isRaw = false;
    this.isLinked = memory.get("fx-rate-linked") === true;
    this.columns = [];
    this.row = el("div", { class: "rate-row" });
    this.tabs = el("nav", { class: "rate-tabs", "aria-label": "Answers" });
    this.node = el("section", { class: "rate-answers", "aria-label": "Answers" }, this.tabs, this.row);
  }

  show(trial, toolsOf) {
    this.isRaw = false;
    this.columns = trial.answers.map((answer) => new AnswerColumn(answer, toolsOf(answer.letter)));
    this.row.dataset.count = String(this.columns.length);
    this.tabs.replaceChildren(...this.columns.map((column) => el("button", { type: "button", class: "fx-btn", text: column.letter,
      "aria-label": `Go to answer ${column.letter}`, click: () => column.node.scrollIntoView({ inline: "center", block: "nearest" }) })));
    this.draw();
    this.row.replaceChildren(...this.columns.map(({ node }) => node));
    this.row.scrollLeft = 0;
    for (const column of this.columns) column.body.addEventListener("scroll", () => this.follow(column), { passive: true });
    if (this.spy) this.spy.disconnect();
    this.spy = new IntersectionObserver((seen) => this.spot(seen), { root: this.row, threshold: 0.6 });
    for (const { node } of this.columns) this.spy.observe(node);
  }

  spot(seen) {
    for (const { target, isIntersecting } of seen) {
      const tab = this.tabs.children[this.columns.findIndex(({ node }) => node === target)];
      if (tab) tab.setAttribute("aria-current", String(isIntersecting));
    }
  }

  draw() {
    for (const column of this.columns) column.draw(this.isRaw);
  }

  toggleRaw() {
    this.isRaw = !this.isRaw;
    this.draw();
    return this.isRaw;
  }

  toggleLinked() {
    this.isLinked = !this.isLinked;
    memory.set("fx-rate-linked", this.isLinked || null);
    return this.isLinked;
  }

  /* Texts of different length go together by share, not by lines. */
  follow(leader) {
    if (!this.isLinked || this.leader) return;
    this.leader = leader;
    const share = leader.body.scrollTop / Math.max(leader.body.scrollHeight - leader.body.clientHeight, 1);
    for (const { body } of this.columns) if (body !== leader.body) body.scrollTop = share * (body.scrollHeight - body.clientHeight);
    requestAnimationFrame(() => requestAnimationFrame(() => { this.leader = null; }));
  }

  column(letter) {
    return this.columns.find((column) => column.letter === letter);
  }

  /* Marks of errors, by letter. */
  mark(marks) {
    for (const column of this.columns) column.marks = marks.filter(({ letter }) => letter === column.letter);
    this.draw();
  }

  reveal(answers) {
    for (const { letter, role, member } of answers || []) {
      const column = this.column(letter);
      if (column) column.chips.replaceChildren(badge("plain", null, foreign([role, member].filter(Boolean).join(" · "))));
    }
  }
}
