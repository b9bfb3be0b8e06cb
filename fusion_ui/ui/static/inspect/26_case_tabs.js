/* The tabs below a case. Each is drawn when it is first looked at, and again after the case was told anew. */

class CaseTabs {
  constructor(caseView, tabs) {
    this.caseView = caseView;
    this.tabs = new Map(tabs.map((Tab) => [Tab.name, this.make(Tab)]));
    this.list = el("div", { class: "case-tabs", role: "tablist", "aria-label": "Evidence", keydown: (event) => this.walk(event) }, ...[...this.tabs.values()].map(({ control }) => control));
    this.node = el("section", { class: "fx-card case-evidence", "aria-label": "Evidence" }, this.list, ...[...this.tabs.values()].map(({ panel }) => panel));
  }

  make(Tab) {
    const { caseView } = this;
    const tab = new Tab({ caseView });
    const id = newId();
    const control = el("button", { type: "button", role: "tab", id, "aria-controls": `${id}-panel`, "aria-selected": "false", tabindex: "-1", class: "case-tab",
      click: () => caseView.showTab(Tab.name) }, el("span", { text: Tab.label }), caseView.cap(`case-tab-${Tab.name}`));
    const panel = el("div", { role: "tabpanel", id: `${id}-panel`, "aria-labelledby": id, tabindex: "0", class: "case-panel", hidden: true }, tab.node);
    return { name: Tab.name, tab, control, panel, drawn: null };
  }

  walk(event) {
    const names = [...this.tabs.keys()];
    const at = names.indexOf(this.shown);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: names.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const name = names[(to + names.length) % names.length];
    this.caseView.showTab(name);
    this.tabs.get(name).control.focus();
  }

  show(name) {
    if (name !== this.shown) this.leave();
    this.shown = name;
    for (const each of this.tabs.values()) {
      const isShown = each.name === name;
      each.control.setAttribute("aria-selected", String(isShown));
      each.control.tabIndex = isShown ? 0 : -1;
      show(each.panel, isShown);
    }
    const { control } = this.tabs.get(name);
    requestAnimationFrame(() => { this.list.scrollLeft = control.offsetLeft - (this.list.clientWidth - control.offsetWidth) / 2; }); // a phone shows four
    this.draw();
  }

  draw() {
    const each = this.tabs.get(this.shown);
    const { case: case_ } = this.caseView;
    if (!each || !case_) return;
    if (each.drawn !== case_) {
      each.drawn = case_;
      each.tab.draw(case_);
    }
    if (each.tab.shown && !each.isTold) each.tab.shown(true);
    each.isTold = true;
  }

  leave() {
    const each = this.tabs.get(this.shown);
    if (each && each.isTold && each.tab.shown) each.tab.shown(false);
    if (each) each.isTold = false;
  }
}
