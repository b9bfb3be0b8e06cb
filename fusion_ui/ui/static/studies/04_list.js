/* All studies with how far they are; and what a newcomer sees instead. */

class List {
  constructor(page) {
    this.page = page;
    Object.assign(this, section("Studies", "What people were asked to judge, and how far they are.", "studies"));
    this.aside.append(button("New study", "pen", () => page.go({ new: "1" }), { class: "fx-btn fx-primary" }));
    this.rows = new Rows("Studies", ["Study", "Compares", "Judgements", "Items", "People", "State", "Made"], "st-studies");
    this.trouble = el("div", { class: "fx-alert", role: "alert" });
    this.first = el("div", { class: "st-first", hidden: true });
    this.body.append(this.trouble, this.first, this.rows.node);
  }

  async open() {
    try {
      const [studies, { sample }] = await Promise.all([get(STUDIES), this.page.options()]);
      this.draw(studies, sample);
      this.trouble.replaceChildren();
    } catch (error) {
      this.trouble.replaceChildren(complaint(error.message));
    }
  }

  draw(studies, sample) {
    const own = studies.filter(({ id }) => id !== sample);
    this.welcome(sample, own.length > 0);
    show(this.rows.node, studies.length);
    this.rows.draw(studies, ({ id }) => id, (row) => this.cells(row, row.id === sample), (row) => (row.is_closed ? "is-closed" : null));
  }

  cells({ id, title, version, units, overlap, done, wanted, raters, is_closed, created_at, contrasts, task, superseded_by }, isSample) {
    const state = is_closed ? ["plain", "closed"] : done >= wanted && wanted ? ["ok", "complete", "check"] : ["live", "open"];
    const roles = [...new Set(contrasts.flat())];
    return [
      el("span", { class: "st-title" }, placeLink(title || "Untitled", { study: id }, this.page.go), version > 1 ? el("span", { class: "fx-hint", text: `version ${version}` }) : null),
      `${TASKS[task]}: ${contrasts.length === 1 ? contrastName(contrasts[0]) : `${roles.map(roleName).join(", ")}`}`,
      doneOf(done, wanted, `Judgements of ${title}`),
      `${plain(units)} × ${plain(overlap)}`,
      plain(raters),
      chips(state, superseded_by && ["plain", "newer version"], isSample && ["demo", "sample"]),
      el("time", { datetime: created_at, text: moment(created_at) }),
    ];
  }

  welcome(sample, hasOwn) {
    show(this.first, !hasOwn);
    if (hasOwn) return;
    this.first.replaceChildren(
      el("div", {}, el("h3", { class: "lab-h3", text: "Ask people which answer is better" }),
        el("p", { text: "A study shows people the answers to the same prompt side by side, without telling who wrote which, and keeps every judgement. Take runs from Compare or bring your own answers; three choices make a study." }),
        el("div", { class: "st-row" }, button("Make a study", "pen", () => this.page.go({ new: "1" }), { class: "fx-btn fx-primary" }),
          sample ? el("a", { class: "fx-btn st-try", href: `/rate?study=${encodeURIComponent(sample)}` }, icon("arrow"), el("span", { text: "Rate the sample study" })) : null),
        sample ? el("p", { class: "fx-hint", text: "The sample needs no key and no preparation: the first item is judged within 30 seconds." }) : null),
      el("ol", { class: "st-steps" }, ...[["Choose", "what is compared, which answers, and who judges"], ["Send", "one link to the people who judge"], ["Watch", "progress, agreement and what is still open, here"]].map(([word, rest]) => el("li", {}, el("strong", { text: `${word} ` }), rest))));
  }
}
