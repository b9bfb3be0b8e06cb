/* Filters with the number of cases behind each value: what would be found with that value. */

const FEW_VALUES = 8;
const SEARCHED_FROM = 20;

class Facet {
  constructor(browser, { name, label, told, isOpen }) {
    Object.assign(this, { browser, name, label, told });
    this.list = el("div", { class: "in-values" });
    this.chosen = el("span", { class: "in-count-chosen", hidden: true });
    this.find = el("input", { class: "fx-input in-find", type: "search", placeholder: "Find", "aria-label": `Find in ${label.toLowerCase()}`, hidden: true, input: () => this.fill() });
    this.more = el("button", { type: "button", class: "lab-open in-more", hidden: true, click: () => this.unfold() });
    this.node = el("details", { class: "in-facet", open: isOpen },
      el("summary", {}, el("span", { text: label }), this.chosen),
      el("fieldset", {}, el("legend", { class: "fx-sr", text: label }), this.find, this.list, this.more));
  }

  /* What was chosen and is not among the values (a filter may hold anything) can still be taken off. */
  draw(values, chosen) {
    const known = new Set(values.map(({ value }) => value));
    const lost = chosen.filter((value) => !known.has(value)).map((value) => ({ value, label: value, count: null }));
    const told = JSON.stringify([values, chosen]);
    if (told === this.last) return;
    this.last = told;
    this.values = [...values.filter(({ value, count }) => count || chosen.includes(value)), ...lost];
    this.taken = new Set(chosen);
    show(this.node, this.values.length);
    show(this.chosen, chosen.length);
    write(this.chosen, String(chosen.length));
    this.chosen.title = `${chosen.length} chosen`;
    if (chosen.length && !this.wasTaken) this.node.open = true;
    this.wasTaken = chosen.length > 0;
    show(this.find, this.values.length > SEARCHED_FROM);
    this.fill();
  }

  words({ value, label }) {
    return label && label !== value ? label : this.told(value);
  }

  fill() {
    const held = document.activeElement;
    const place = this.list.contains(held) ? held.value : null;
    const sought = this.find.hidden ? "" : this.find.value.trim().toLocaleLowerCase();
    const found = sought ? this.values.filter((each) => this.words(each).toLocaleLowerCase().includes(sought)) : this.values;
    const most = this.isUnfolded || sought ? Infinity : FEW_VALUES;
    const shown = found.filter((each, at) => at < most || this.taken.has(each.value));
    this.list.replaceChildren(...shown.map((each) => this.row(each)));
    write(this.more, `${found.length - shown.length} more`);
    show(this.more, found.length > shown.length);
    if (place !== null) [...this.list.querySelectorAll("input")].find(({ value }) => value === place)?.focus({ preventScroll: true });
  }

  row(each) {
    const input = el("input", { type: "checkbox", value: each.value, change: () => this.browser.toggle(this.name, each.value) });
    input.checked = this.taken.has(each.value);
    const isPart = this.name === "flaw" && each.value.includes("/");
    return el("label", { class: `in-value${isPart ? " is-part" : ""}` }, input, el("span", { class: "in-value-words", dir: "auto", text: this.words(each) }),
      each.count === null ? null : el("span", { class: "in-value-count" }, el("span", { text: plain(each.count) }), el("span", { class: "fx-sr", text: each.count === 1 ? " case" : " cases" })));
  }

  unfold() {
    this.isUnfolded = true;
    const first = this.list.children.length;
    this.fill();
    this.list.children[first]?.querySelector("input").focus();
  }
}

/* From and to, as numbers. What is being typed stays while the list is read again. A figure that is the same everywhere cannot tell cases apart, and is not offered. */
class RangeField {
  constructor(browser, range) {
    Object.assign(this, { browser, range });
    const { label, step, unit } = range;
    const input = (which) => el("input", { class: "fx-input", type: "number", min: "0", step, inputmode: "decimal", "aria-label": `${label}${unit === "%" ? " in percent" : unit === "$" ? " in dollars" : ""}, ${which}`, change: () => this.commit() });
    this.inputs = [input("at least"), input("at most")];
    this.node = el("fieldset", { class: "in-range" }, el("legend", { text: unit ? `${label}, ${unit}` : label }), this.inputs[0], el("span", { "aria-hidden": "true", text: "–" }), this.inputs[1]);
  }

  draw(reach, text) {
    this.inputs.forEach((input, at) => {
      const usual = reach ? shortNumber(reach[at] / this.range.factor, 3) : "";
      if (input.placeholder !== usual) input.placeholder = usual;
    });
    if (text !== this.text) endsOf(text).forEach((end, at) => { this.inputs[at].value = end === "" ? "" : shortNumber(Number(end) / this.range.factor); });
    this.text = text;
    show(this.node, text || (reach && reach[0] < reach[1]));
  }

  commit() {
    const [low, high] = this.inputs.map(({ value }) => (value === "" ? "" : shortNumber(Number(value) * this.range.factor)));
    this.browser.replace(this.range.name, low === "" && high === "" ? "" : `${low}..${high}`);
  }
}

class DayField {
  constructor(browser) {
    this.browser = browser;
    const input = (which) => el("input", { class: "fx-input", type: "date", "aria-label": which, change: () => this.commit() });
    this.inputs = [input("First day"), input("Last day")];
    this.node = el("fieldset", { class: "in-range is-days" }, el("legend", { text: "Day (UTC)" }), this.inputs[0], el("span", { "aria-hidden": "true", text: "–" }), this.inputs[1]);
  }

  draw(reach, text) {
    for (const input of this.inputs) if (reach) Object.assign(input, { min: reach[0], max: reach[1] });
    if (text !== this.text) endsOf(text).forEach((end, at) => { this.inputs[at].value = end; });
    this.text = text;
    show(this.node, reach || text);
  }

  commit() {
    const [low, high] = this.inputs.map(({ value }) => value);
    this.browser.replace("day", low || high ? `${low}..${high}` : "");
  }
}
