/* The Analyse page: one question, kept in the address, and a card for each part of its answer. */

const PATIENCE_MS = 400; // a shorter wait is not told

class Analyse {
  constructor(root) {
    this.address = new Address();
    this.bar = new ChoiceBar(this);
    this.cards = [Answer, Strength, Matchups, Paired, Groups, Effects, Agreed, RaterTable, Judges, Rubric, WorthIt, Next, LeftOut, Counted].map((kind) => new kind(this));
    this.trouble = el("div", { class: "fx-alert", role: "alert" });
    this.first = el("section", { class: "fx-card lab-section an-first", hidden: true, "aria-label": "Nothing to analyse yet" });
    this.waiting = el("section", { class: "fx-card lab-section", "aria-label": "Being read" }, el("div", { class: "fx-skeleton", "aria-hidden": "true" }, ...Array.from({ length: 8 }, () => el("i"))));
    this.contents = el("nav", { class: "lab-contents", "aria-label": "On this page", hidden: true });
    this.content = el("div", { class: "an-cards" }, this.cards[0].node, this.contents, ...this.cards.slice(1).map(({ node }) => node));
    for (const { node } of this.cards) show(node, false);
    this.node = el("div", { class: "lab studies analyse" }, this.bar.node, this.trouble, this.first, this.waiting, this.content);
    root.append(this.node);
    show(this.bar.node, false);
    addEventListener("popstate", () => this.back());
    this.load();
  }

  go(changes) {
    if (this.address.set(changes)) this.load();
  }

  /* A step to another part of the page asks nothing new. */
  back() {
    const before = this.address.query();
    this.address.read();
    if (this.address.query() !== before) this.load();
  }

  /* The newest question wins; what is shown stays, dimmed, until its answer is there. */
  async load() {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const slow = setTimeout(() => {
      this.content.classList.add("is-stale");
      this.bar.busy("Reckoning …");
    }, PATIENCE_MS);
    this.content.setAttribute("aria-busy", "true");
    try {
      const facts = await ask(`${ANALYSE}${this.address.query()}`, { signal: asking.signal });
      if (this.asking === asking) this.give(facts);
    } catch (error) {
      if (this.asking === asking) this.fail(error.message);
    } finally {
      clearTimeout(slow);
      if (this.asking === asking) this.rest();
    }
  }

  rest() {
    this.content.classList.remove("is-stale");
    this.content.removeAttribute("aria-busy");
    show(this.waiting, false);
  }

  give(facts) {
    this.facts = facts;
    this.trouble.replaceChildren();
    const isNew = !facts.choices.studies.length && !facts.counts.judgements;
    const isEmpty = !facts.counts.judgements;
    show(this.bar.node, !isNew);
    this.bar.take(facts);
    for (const card of this.cards) card.give(facts);
    show(this.content, !isNew);
    this.welcome(isNew, isEmpty);
    this.list(isEmpty);
  }

  fail(words) {
    const again = button("Try again", "redo", () => this.load());
    this.trouble.replaceChildren(el("p", {}, icon("warn"), el("span", { text: this.facts ? `${words} What is shown answers the choice before.` : words }), again, this.address.isUsual ? null : button("Reset the choice", null, () => this.go(USUAL))));
    if (this.facts) this.bar.tell(this.facts);
  }

  list(isEmpty) {
    const shown = this.cards.slice(1).filter(({ node }) => !node.hidden);
    this.contents.replaceChildren(...shown.map(({ node, heading }) => el("a", { href: `#${node.id}`, text: heading.textContent })));
    show(this.contents, !isEmpty && shown.length > 2);
  }

  welcome(isNew, isEmpty) {
    show(this.first, isEmpty);
    if (isEmpty) this.first.replaceChildren(...(isNew ? newcomer() : [
      el("h2", { class: "fx-h", text: "Nothing counts with this choice" }),
      el("p", { class: "lab-empty", text: "There are judgements, but none of them is left by what was chosen above and by the rules of exclusion." }),
      el("div", { class: "st-row" }, button("Reset the choice", "redo", () => this.go(USUAL), { class: "fx-btn fx-primary" }),
        this.address.open === "1" ? null : button("Count open ratings too", null, () => this.go({ open: "1" }), { class: "fx-btn an-large" }))]));
  }
}

const STEPS = [["Collect", "judgements: twenty of five prompts are the least that is told as more than preliminary"], ["Look", "as early and as often as you like: the verdict allows for it"], ["Decide", "when it is settled, or add what the plan says is missing"]];

function newcomer() {
  return [el("h2", { class: "fx-h", text: "Nothing to analyse yet" }), el("div", { class: "st-first" },
    el("div", {}, el("p", { class: "lab-empty", text: "Once people have said which answer they prefer, this page tells whether fusing beats picking, for whom, and how sure that is. Ask several people with a study, who see no names, or rate answers yourself on Compare." }),
      el("div", { class: "st-row" }, el("a", { class: "fx-btn fx-primary", href: "/studies" }, icon("pen"), el("span", { text: "Make a study" })), el("a", { class: "fx-btn an-large", href: "/" }, icon("arrow"), el("span", { text: "Rate on Compare" })))),
    el("ol", { class: "st-steps" }, ...STEPS.map(([word, rest]) => el("li", {}, el("strong", { text: `${word} ` }), rest))))];
}

new Analyse(element.querySelector(".fx"));
