/* The criteria of a rubric: each with a name and, lowest first, what its values mean; their number is the scale. */

const slug = (text) => text.normalize("NFKD").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "").slice(0, 40);

/* A criterion keeps its key for life; a new one is keyed by its name, told apart if need be. */
function keyed(criteria) {
  const taken = new Set(criteria.map(({ key }) => key).filter(Boolean));
  return criteria.map(({ key, ...rest }, place) => {
    let wanted = key || slug(rest.label) || `criterion_${place + 1}`;
    while (!key && taken.has(wanted)) wanted += "_";
    taken.add(wanted);
    return { key: wanted, ...rest };
  });
}

class Criteria {
  constructor(changed) {
    this.changed = changed;
    this.rubric = [];
    this.list = el("ol", { class: "st-criteria" });
    this.usual = button("Use the usual rubric", "check", () => this.fill());
    this.node = el("div", { class: "st-group" }, el("p", { class: "fx-hint", text: "Asked about every answer. One meaning a line, the lowest value first." }), this.list,
      el("div", { class: "st-row" }, button("Add a criterion", "pen", () => this.add({ label: "", anchors: ["poor", "", "fair", "", "excellent"] }, true)), this.usual));
  }

  fill() {
    this.set(this.rubric);
    this.changed();
  }

  set(criteria) {
    this.list.replaceChildren();
    for (const criterion of criteria) this.add(criterion);
    show(this.usual, this.rubric.length && !criteria.length);
  }

  add({ key = "", label, anchors }, isNew) {
    const name = el("input", { class: "fx-input", type: "text", value: label, maxlength: "100", input: this.changed, "data-part": "label" });
    const values = el("textarea", { class: "fx-input", rows: "5", input: this.changed, "data-part": "anchors" });
    values.value = anchors.map((words, place) => words || String(place + 1)).join("\n");
    const row = el("li", { "data-key": key }, field("Criterion", name), field("Meaning of each value", values),
      button("Remove", "cross", () => this.remove(row), { class: "fx-btn fx-quiet" }));
    this.list.append(row);
    show(this.usual, false);
    if (isNew) {
      name.focus();
      this.changed();
    }
  }

  remove(row) {
    const next = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    (next?.querySelector("input") || this.node.querySelector("button")).focus();
    show(this.usual, this.rubric.length && !this.list.children.length);
    this.changed();
  }

  get value() {
    const rows = [...this.list.children].map((row) => ({
      key: row.dataset.key, label: row.querySelector('[data-part="label"]').value.trim(), anchors: linesOf(row.querySelector('[data-part="anchors"]').value),
    }));
    return keyed(rows.filter(({ label }) => label));
  }
}
