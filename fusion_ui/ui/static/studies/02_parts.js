/* Parts of the page: bars, tables that become cards on a phone, sheets over the page, and links to copy. */

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
    const head = el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...heads.map((words) => el("th", { scope: "col", role: "columnheader", text: words }))));
    this.table = el("table", { role: "table", class: `lab-table st-table ${className}`, "aria-label": caption }, head, this.body);
    this.node = el("div", { class: "lab-scroll", tabindex: "0", role: "region", "aria-label": `${caption}, one a row` }, this.table);
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

/* Something over the page: Escape and Close leave it, and the focus goes back to where it came from. */
class Sheet {
  constructor(title, { className = "", left } = {}) {
    const heading = `lab-${++serial}`;
    this.title = el("h2", { class: "fx-h", id: heading, tabindex: "-1", text: title });
    this.body = el("div", { class: "st-sheet-body" });
    this.trouble = el("div", { class: "fx-alert", role: "alert" });
    const close = button("Close", "cross", () => this.node.close(), { class: "fx-btn fx-quiet" });
    this.node = el("dialog", { class: `fx-sheet st-sheet ${className}`, "aria-labelledby": heading,
      close: () => {
        this.node.remove();
        if (left) left();
      } }, el("header", {}, this.title, close), this.trouble, this.body);
  }

  open(root) {
    this.opener = this.opener || document.activeElement;
    root.append(this.node);
    this.node.showModal();
    this.title.focus();
    return this;
  }

  tell(words) {
    this.trouble.replaceChildren(...(words ? [complaint(words)] : []));
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

function facts(pairs) {
  return el("dl", { class: "st-facts" }, ...pairs.filter(([, value]) => value !== null).map(([name, value]) => el("div", {}, el("dt", { text: name }), el("dd", {}, value instanceof Node ? value : String(value)))));
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

function select(options, value, change, props) {
  const node = el("select", { class: "fx-input", change: () => change(node.value), ...props }, ...options.map(([words, key]) => el("option", { value: key, text: words })));
  node.value = value;
  return node;
}

/* Does the work once nothing has happened for a while; `cancel` when it has been done another way. */
function settled(work, wait) {
  let waiting = 0;
  const put = () => {
    clearTimeout(waiting);
    waiting = setTimeout(work, wait);
  };
  put.cancel = () => clearTimeout(waiting);
  return put;
}
