/* The list with its search, its filters and its selection; and the patterns, which keep the same filters. */

class RunBrowser {
  constructor({ screen }) {
    this.screen = screen;
    this.address = screen.address;
    this.latest = new Latest();
    this.labels = new Map();
    this.addKeys();
    this.search = new SearchBox(this);
    this.chips = new FilterChips(this);
    this.panel = new FilterPanel(this);
    this.selection = new RunSelection(this);
    this.list = new RunList(this);
    this.patterns = new PatternView(this);
    this.views = el("nav", { class: "in-views", "aria-label": "Views" });
    this.opener = button("Filters", null, () => this.panel.open(), { class: "fx-btn in-opener" });
    this.opener.append(screen.keys.cap("list-filters"));
    this.node = el("div", { class: "in-browser" },
      el("div", { class: "fx-card in-top" }, el("div", { class: "in-top-row" }, this.search.node, this.opener, this.views), this.chips.node),
      el("div", { class: "in-columns" }, this.panel.side, el("div", { class: "in-main" }, this.list.node, this.patterns.node)), this.selection.node);
    document.addEventListener("visibilitychange", () => this.wake());
  }

  addKeys() {
    const step = (by) => () => this.list.step(by);
    const inList = (act) => () => (this.isPatterns ? false : act());
    this.screen.keys.add(
      { id: "list-next", chord: "j", also: ["arrowdown"], words: "Next run", layer: "list", isRepeated: true, act: inList(step(1)) },
      { id: "list-previous", chord: "k", also: ["arrowup"], words: "Previous run", layer: "list", isRepeated: true, act: inList(step(-1)) },
      { id: "list-open", chord: "enter", words: "Open the run", layer: "list", act: inList(() => this.list.enter()) },
      { id: "list-search", chord: "/", words: "Search", layer: "list", act: () => this.search.input.select() ?? this.search.input.focus() },
      { id: "list-filters", chord: "f", words: "Filters", layer: "list", act: () => this.panel.open() },
      { id: "list-tick", chord: "x", words: "Select the run", layer: "list", act: inList(() => this.list.tick()) },
      { id: "list-all", chord: "a", words: "Select all that match", layer: "list", act: inList(() => this.selection.all.control.click()) },
      { id: "list-patterns", chord: "p", words: "Patterns, and back to the runs", layer: "list", act: () => this.screen.go({ ...NO_PLACE, view: this.isPatterns ? null : "patterns" }) },
    );
  }

  get isPatterns() {
    return this.address.place.view === "patterns";
  }

  /* ---------- filters ---------- */

  filter(filters, how) {
    this.screen.go({ filters, page: null }, how);
  }

  toggle(name, value) {
    this.filter(this.address.toggled(name, value));
  }

  replace(name, value, how) {
    this.filter(this.address.replaced(name, value), how);
  }

  clear() {
    this.filter([]);
  }

  /* ---------- what is shown ---------- */

  leave() {
    this.latest.leave();
    this.patterns.leave();
    clearTimeout(this.again);
    this.scrolled = scrollY;
  }

  async open({ from } = {}) {
    clearTimeout(this.again);
    this.turnTo();
    this.search.draw();
    this.chips.draw(this.labels);
    if (from) this.comeBack(from);
    if (this.isPatterns) this.patterns.open();
    else this.patterns.leave();
    await this.refresh();
    this.list.turned();
  }

  turnTo() {
    const view = (words, name, isHere) => stepTo(this.address.href({ ...NO_PLACE, view: name }), () => this.screen.go({ ...NO_PLACE, view: name }), { class: "in-view", "aria-current": isHere ? "page" : null }, el("span", { text: words }));
    this.views.replaceChildren(view("Runs", null, !this.isPatterns), view("Patterns", "patterns", this.isPatterns));
    show(this.list.node, !this.isPatterns);
    show(this.patterns.node, this.isPatterns);
    show(this.selection.node, !this.isPatterns && this.selection.ids.size);
  }

  async refresh({ isQuiet } = {}) {
    if (!isQuiet) this.list.wait();
    try {
      const reply = await this.latest.ask(`/cases?${this.address.query({ page: this.address.place.page })}`);
      if (reply) this.draw(reply, isQuiet);
    } catch (error) {
      this.list.fail(error);
    }
  }

  draw(reply, isQuiet) {
    this.labels = new Map(Object.entries(reply.facets).flatMap(([name, values]) => values.map(({ value, label }) => [`${name}=${value}`, label])));
    this.chips.draw(this.labels);
    this.panel.draw(reply);
    show(this.opener, !this.panel.isEmpty);
    this.list.draw(reply, this.labels, isQuiet);
    if (reply.indexing || reply.reading) this.again = setTimeout(() => this.wake(), AGAIN_MS);
    this.isGrowing = Boolean(reply.indexing || reply.reading);
  }

  /* Asked again while runs are being read, but only while somebody looks. */
  wake() {
    if (this.isGrowing && !document.hidden && !this.screen.run) this.refresh({ isQuiet: true });
  }

  comeBack(run) {
    requestAnimationFrame(() => {
      scrollTo(0, this.scrolled || 0);
      this.list.back(run);
    });
  }
}
