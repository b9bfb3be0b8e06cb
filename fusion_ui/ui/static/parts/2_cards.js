/* Parts of pages: cards, tables, facts, sheets over the page, and links that stay on it. */

/* A card with its heading; what it holds goes into `body`, small controls into `aside`. */
function section(title, words, name) {
  const id = newId();
  const heading = el("h2", { class: "fx-h", id, tabindex: "-1", text: title });
  const hint = el("p", { class: "fx-hint", text: words });
  const aside = el("span", { class: "lab-aside" });
  const body = el("div", { class: "lab-body" });
  const node = el("section", { class: "fx-card lab-section", id: name && `lab-${name}`, "aria-labelledby": id }, el("header", {}, el("div", {}, heading, hint), aside), body);
  return { node, body, aside, heading, hint };
}

/* A table in a box that scrolls sideways on a narrow screen and can be reached by the keyboard there. Roles and heads are
   written at the cells, because a phone may show every row as a card, and a browser forgets tables drawn otherwise. */
function table(caption, heads, rows, { className = "" } = {}) {
  const cell = (content, tag, props) => el(tag, props, content instanceof Node ? content : String(content));
  const headOf = (at) => (typeof heads[at] === "string" ? heads[at] : null);
  const row = ([first, ...rest]) => el("tr", { role: "row" }, cell(first, "th", { scope: "row", role: "rowheader" }), ...rest.map((each, at) => cell(each, "td", { role: "cell", "data-head": headOf(at + 1) })));
  return tableBox(caption, heads.map((words) => cell(words, "th", { scope: "col", role: "columnheader" })), el("tbody", { role: "rowgroup" }, ...rows.map(row)), className);
}

function tableBox(caption, heads, body, className) {
  const head = el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...heads));
  return el("div", { class: "lab-scroll", tabindex: "0", role: "region", "aria-label": `${caption}, one a row` },
    el("table", { role: "table", class: `lab-table ${className}`, "aria-label": caption }, head, body));
}

function facts(pairs) {
  return el("dl", { class: "st-facts" }, ...pairs.filter(([, value]) => value !== null).map(([name, value]) => el("div", {}, el("dt", { text: name }), el("dd", {}, value instanceof Node ? value : String(value)))));
}

/* Something over the page: Escape, Close and a press beside it leave it, and the focus goes back to where it came from.
   `isWritten`: a press beside it does not close it, for what was written in it would be lost. */
class Sheet {
  constructor(title, { className = "", isWritten, left } = {}) {
    const heading = newId();
    this.title = el("h2", { class: "fx-h", id: heading, tabindex: "-1", text: title });
    this.body = el("div", { class: "st-sheet-body" });
    this.trouble = el("div", { class: "fx-alert", role: "alert" });
    this.node = el("dialog", { class: `fx-sheet st-sheet ${className}`, "aria-labelledby": heading,
      click: ({ target }) => { if (target === this.node && !isWritten) this.close(); },
      close: () => {
        this.node.remove();
        if (left) left();
      } }, el("header", {}, this.title, button("Close", "cross", () => this.close(), { class: "fx-btn fx-quiet" })), this.trouble, this.body);
  }

  open(root) {
    if (this.node.open) return this;
    root.append(this.node);
    this.node.showModal();
    this.title.focus();
    return this;
  }

  close() {
    this.node.close();
  }

  tell(words) {
    this.trouble.replaceChildren(...(words ? [complaint(words)] : []));
  }
}

/* A link that stays on the page unless it is opened elsewhere. */
function stepTo(href, go, props, ...children) {
  return el("a", { href, ...props, click: (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    event.preventDefault();
    go(event);
  } }, ...children);
}
