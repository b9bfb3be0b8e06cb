/* Parts of the page: bars, tables that are refreshed, and links to copy. */

function progressBar(done, wanted, label) {
  const node = el("div", { class: "st-bar", role: "progressbar", "aria-label": label, "aria-valuemin": "0", "aria-valuemax": String(wanted), "aria-valuenow": String(Math.min(done, wanted)), "aria-valuetext": `${plain(done)} of ${plain(wanted)}` }, el("i"));
  node.firstChild.style.inlineSize = `${wanted ? Math.min(100, (100 * done) / wanted) : 0}%`;
  node.classList.toggle("is-full", wanted > 0 && done >= wanted);
  return node;
}

function doneOf(done, wanted, label) {
  return el("span", { class: "st-done" }, progressBar(done, wanted, label), el("span", { class: "st-figures", text: `${plain(done)} / ${plain(wanted)}` }));
}

/* A table whose rows are kept while they do not change, so that a refresh moves neither focus nor selection. Its roles
   are written out because a phone shows every row as a card, and a browser forgets tables that are drawn otherwise. */
class Rows {
  constructor(caption, heads, className = "") {
    this.heads = heads;
    this.known = new Map();
    this.body = el("tbody", { role: "rowgroup" });
    this.node = tableBox(caption, heads.map((words) => el("th", { scope: "col", role: "columnheader", text: words })), this.body, `st-table ${className}`);
  }

  /* `make(row)` gives the cells, the first one the row's head. */
  draw(rows, keyOf, make, marked) {
    const held = document.activeElement?.closest?.("[data-act]");
    const place = held && this.body.contains(held) ? [held.closest("tr").dataset.key, held.dataset.act] : null;
    const next = new Map(rows.map((row) => [String(keyOf(row)), row]));
    const nodes = [...next].map(([key, row]) => {
      const told = JSON.stringify(row);
      const kept = this.known.get(key);
      return [key, kept?.told === told ? kept : { told, node: this.row(key, make(row), marked?.(row)) }];
    });
    this.known = new Map(nodes);
    const wanted = nodes.map(([, { node }]) => node);
    if (wanted.length !== this.body.children.length || wanted.some((node, at) => this.body.children[at] !== node)) this.body.replaceChildren(...wanted);
    if (place && !this.body.contains(document.activeElement)) this.known.get(place[0])?.node.querySelector(`[data-act="${place[1]}"]`)?.focus({ preventScroll: true });
  }

  row(key, [first, ...rest], mark) {
    const cell = (tag, content, at, props) => el(tag, { "data-head": this.heads[at], ...props }, content instanceof Node ? content : String(content));
    return el("tr", { role: "row", "data-key": key, class: mark }, cell("th", first, 0, { scope: "row", role: "rowheader" }), ...rest.map((each, at) => cell("td", each, at + 1, { role: "cell" })));
  }
}

function copyable(label, address) {
  const input = el("input", { class: "fx-input", type: "text", readonly: true, value: address, "aria-label": label, focus: () => input.select() });
  const copy = button("Copy", "copy", () => {
    input.select();
    copyText(address, copy);
  }, { "aria-label": `Copy: ${label}` });
  return el("div", { class: "st-link" }, input, copy);
}

/* How often which output came first, as one bar and in words. */
function distribution(counts) {
  const told = Object.entries(counts).filter(([, number]) => number);
  if (!told.length) return el("span", { class: "fx-hint", text: "no judgement yet" });
  const bar = el("span", { class: "st-split", "aria-hidden": "true" }, ...told.map(([role, number]) => {
    const part = el("i", { class: roleHue(role) });
    part.style.flexGrow = number;
    return part;
  }));
  return el("span", { class: "st-distribution" }, bar, el("span", { class: "st-split-words" }, ...told.map(([role, number]) => el("span", { class: roleHue(role) }, el("i", { "aria-hidden": "true" }), foreign(`${roleName(role)} ${plain(number)}`)))));
}

function chips(...words) {
  return el("span", { class: "fx-badges" }, ...words.filter(Boolean).map(([kind, text, name]) => badge(kind, name, foreign(text))));
}
