/* What stands where no run is: the way to the first run, or which filter to take off. */

const MOST_TRIED = 6;

function firstSteps() {
  const steps = [["Run", "a prompt on Compare: several models answer, and vote, pick and fusion stand beside one another"], ["Find", "here where they disagree, what was lost on the way and why sampling stopped"], ["Look", "into one run: what each candidate said, mark its flaws, correct an answer"]];
  return el("div", { class: "st-first" },
    el("div", {}, el("h3", { class: "lab-h3", text: "No runs yet" }), el("p", { text: "Every run you make is kept and can be found here by what went wrong in it. Start with an example on Compare; it needs no key." }),
      el("div", {}, el("a", { class: "fx-btn fx-primary", href: "/", target: "_self" }, icon("arrow"), el("span", { text: "Run a comparison" })))),
    el("ol", { class: "st-steps" }, ...steps.map(([word, rest]) => el("li", {}, el("strong", { text: `${word} ` }), rest))));
}

/* Every filter that is on, as one that could be taken off: all values of a name together. */
class NothingFound {
  constructor(browser) {
    this.browser = browser;
    this.list = el("ul", { class: "in-drops" });
    this.node = el("div", { class: "in-nothing" }, el("h3", { class: "lab-h3", text: "Nothing matches all of these filters" }), el("p", { class: "fx-hint", text: "Take one off:" }), this.list,
      el("div", {}, button("Clear all filters", "cross", () => browser.clear(), { class: "fx-btn" })));
  }

  /* One question after the other, and none for a list that has changed meanwhile. */
  async open(labels, isStill) {
    const { address } = this.browser;
    const names = [...new Set(address.filters.map(([name]) => name))];
    const rows = names.map((name) => this.row(name, labels));
    this.list.replaceChildren(...rows.map(({ node }) => node));
    for (const { rest, count } of rows.slice(0, MOST_TRIED)) {
      const { matching } = await this.browser.screen.call(`/cases?${address.query({}, rest)}`).catch(() => ({}));
      if (!isStill()) return;
      if (matching !== undefined) write(count, matching ? counted(matching, "case") : "still nothing");
    }
  }

  row(name, labels) {
    const { address } = this.browser;
    const rest = address.replaced(name, "");
    const words = name === "ids" ? ["Chosen", counted(address.values(name).length, "run")] : [filterWords(name, "", labels)[0], address.values(name).map((value) => filterWords(name, value, labels)[1]).join(" or ")];
    const count = el("span", { class: "fx-hint" });
    const act = el("button", { type: "button", class: "lab-open", click: () => this.browser.filter(rest) }, `${words[0]}: `, foreign(clipped(words[1], 90)));
    return { rest, count, node: el("li", {}, act, count) };
  }
}
