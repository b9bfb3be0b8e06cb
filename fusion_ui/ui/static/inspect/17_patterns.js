/* What goes wrong over all cases that match: people's findings and models' suggestions are never on one page. */

class PatternView {
  constructor(browser) {
    Object.assign(this, { browser, screen: browser.screen });
    this.latest = new Latest();
    this.links = new PatternLinks(this.screen);
    const head = section("Patterns");
    this.heading = head.heading;
    this.told = el("p", { class: "in-told" });
    this.sources = el("nav", { class: "in-views is-sources", "aria-label": "Whose findings" });
    this.trouble = el("div", { class: "fx-alert", role: "alert" });
    head.aside.append(this.sources);
    head.body.append(this.told, this.trouble);
    this.cards = el("div", { class: "in-cards" });
    this.node = el("div", { class: "in-patterns", hidden: true }, head.node, this.cards);
  }

  get source() {
    return this.screen.address.place.source === "model" ? "model" : "people";
  }

  leave() {
    this.latest.leave();
  }

  async open() {
    const { address } = this.screen;
    const { source } = this;
    this.turnTo(source);
    this.node.setAttribute("aria-busy", "true");
    try {
      const reply = await this.latest.ask(`/patterns?${address.query({ source })}`);
      if (reply) this.draw(reply);
    } catch (error) {
      this.node.removeAttribute("aria-busy");
      this.trouble.replaceChildren(el("p", {}, icon("warn"), el("span", { text: error.message }), error.status >= 400 && error.status < 500 ? button("Clear all filters", "cross", () => this.browser.clear()) : button("Try again", "redo", () => this.open())));
    }
  }

  turnTo(source) {
    const step = (words, name) => stepTo(this.screen.address.href({ source: name === "people" ? null : name }), () => this.screen.go({ source: name === "people" ? null : name }), { class: "in-view", "aria-current": source === name ? "true" : null }, el("span", { text: words }));
    const held = [...this.sources.children].findIndex((node) => node === document.activeElement);
    this.sources.replaceChildren(step("Marked by people", "people"), step("Suggested by models", "model"));
    this.sources.children[held]?.focus();
  }

  draw(reply) {
    const { source, seen } = reply;
    this.node.removeAttribute("aria-busy");
    this.trouble.replaceChildren();
    write(this.told, this.words(reply));
    const found = [ratesCard(this.links, reply), classesCard(this.links, reply), togetherCard(this.links, reply)];
    const cards = [funnelCard(this.links, reply), ...(seen.marks || seen.outputs ? found : [this.lack(source)]), ...(reply.notes && (source === "people" || reply.notes.total) ? [notesCard(this.links, this.screen, reply)] : []), ...(seen.outputs ? [agreementCard(reply)] : [])];
    this.cards.replaceChildren(...cards);
    this.screen.say(this.told.textContent);
  }

  words({ cases, seen, source }) {
    const start = `${counted(cases, "case")} match.`;
    if (!seen.outputs) return start;
    const { by, mark } = WHO[source];
    return `${start} ${counted(seen.raters, ...by)} looked at ${counted(seen.outputs, "output")} of ${counted(seen.cases, "case")} and left ${counted(seen.marks, mark)}.`;
  }

  lack(source) {
    const { node, body } = section(source === "people" ? "No flaws marked yet" : "No suggestions yet");
    body.append(el("p", { class: "lab-empty", text: source === "people" ? "Open a case, turn to Flaws and mark the words that are wrong; rates per strategy, member and prompt version build up here. Marks of studies count, too." : "Open a case, turn to Flaws and ask a model for suggestions. They are counted here, apart from what people mark." }),
      el("div", {}, stepTo(this.screen.listHref(), () => this.screen.toList(), { class: "fx-btn" }, icon("arrow"), el("span", { text: "To the runs" }))));
    return node;
  }
}
