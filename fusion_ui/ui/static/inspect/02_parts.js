/* Parts of the page: fields, cards, tables, sheets over the page, and buttons whose work goes to the server. */

let lastId = 0;
const newId = () => `in-${++lastId}`;

function field(label, input, hint) {
  const id = newId();
  input.id = id;
  if (hint) input.setAttribute("aria-describedby", `${id}-hint`);
  return el("div", { class: "lab-field" }, el("label", { for: id, text: label }), input, hint ? el("span", { class: "fx-hint", id: `${id}-hint`, text: hint }) : null);
}

/* `options` are [words, value] pairs. */
function select(options, value, change, props) {
  const node = el("select", { class: "fx-input", change: () => change(node.value), ...props }, ...options.map(([words, key]) => el("option", { value: key, text: words })));
  node.value = value;
  return node;
}

/* A card with its heading; what it holds goes into `body`, small controls into `aside`. */
function section(title, hint) {
  const id = newId();
  const heading = el("h2", { class: "fx-h", id, tabindex: "-1", text: title });
  const aside = el("span", { class: "lab-aside" });
  const body = el("div", { class: "lab-body" });
  const node = el("section", { class: "fx-card lab-section", "aria-labelledby": id },
    el("header", {}, el("div", {}, heading, hint ? el("p", { class: "fx-hint", text: hint }) : null), aside), body);
  return { node, body, aside, heading };
}

/* A table in a box that scrolls sideways on a narrow screen and can be reached by the keyboard there. Roles and heads are
   written at the cells, because a phone may show every row as a card, and a browser forgets tables drawn otherwise. */
function table(caption, heads, rows, className = "") {
  const cell = (content, tag, props) => el(tag, props, content instanceof Node ? content : String(content));
  const headOf = (at) => (typeof heads[at] === "string" ? heads[at] : null);
  const row = ([first, ...rest]) => el("tr", { role: "row" }, cell(first, "th", { scope: "row", role: "rowheader" }), ...rest.map((each, at) => cell(each, "td", { role: "cell", "data-head": headOf(at + 1) })));
  const head = el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...heads.map((words) => cell(words, "th", { scope: "col", role: "columnheader" }))));
  const node = el("table", { role: "table", class: `lab-table ${className}`, "aria-label": caption }, head, el("tbody", { role: "rowgroup" }, ...rows.map(row)));
  return el("div", { class: "lab-scroll", tabindex: "0", role: "region", "aria-label": `${caption}, one a row` }, node);
}

/* Something over the page: Escape and Close leave it, and the focus goes back to where it came from. */
class Sheet {
  constructor(title, { className = "", left } = {}) {
    const heading = newId();
    this.title = el("h2", { class: "fx-h", id: heading, tabindex: "-1", text: title });
    this.body = el("div", { class: "st-sheet-body" });
    this.trouble = el("div", { class: "fx-alert", role: "alert" });
    this.node = el("dialog", { class: `fx-sheet st-sheet ${className}`, "aria-labelledby": heading,
      click: (event) => { if (event.target === this.node) this.close(); },
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

/* Does the work once nothing has happened for a while. */
function settled(work, wait) {
  let waiting = 0;
  return (...given) => {
    clearTimeout(waiting);
    waiting = setTimeout(work, wait, ...given);
  };
}

/* Asks the server, below the prefix of this page: GET without a body, POST with one. The error knows its status, and the
   reply that came with it. */
async function inquire(path, { body, signal } = {}) {
  let reply;
  try {
    reply = await fetch(API + path, body === undefined ? { signal } : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal });
  } catch (error) {
    throw error.name === "AbortError" ? error : new Error("The server could not be reached.");
  }
  const said = await reply.json().catch(() => ({}));
  if (reply.ok) return said;
  const words = said.error || `The server answered with error ${reply.status}.`;
  throw Object.assign(new Error(words), { status: reply.status, said });
}

/* Only the reply to the last question counts: an older one that comes late gives null. */
class Latest {
  constructor() {
    this.turn = 0;
  }

  async ask(path) {
    const turn = ++this.turn;
    if (this.controller) this.controller.abort();
    this.controller = new AbortController();
    try {
      const reply = await inquire(path, { signal: this.controller.signal });
      return turn === this.turn ? reply : null;
    } catch (error) {
      if (turn !== this.turn) return null;
      throw error;
    }
  }

  leave() {
    this.turn += 1;
    if (this.controller) this.controller.abort();
  }
}
