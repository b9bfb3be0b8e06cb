/* A text that grows and then is final: finished blocks and a plain tail while live, one clean rendering in the end. */

class Prose {
  constructor(label) {
    this.tail = document.createTextNode("");
    this.tailBox = el("div", { class: "fx-tail", dir: "auto" }, this.tail);
    this.blocks = el("div", { class: "fx-blocks" });
    this.inner = el("div", { class: "fx-prose" }, this.blocks, this.tailBox);
    this.node = el("div", { class: "fx-body", tabindex: "0", role: "group", "aria-label": label }, this.inner);
    this.html = null;
    this.text = "";
    this.isRaw = false;
  }

  speaks(language) {
    if (language) this.inner.lang = language;
  }

  /* `isReset`: the piece is all there is so far, not an addition. */
  append(piece, isReset) {
    if (this.html !== null) return;
    this.node.classList.add("is-live");
    if (isReset) this.blocks.replaceChildren();
    for (const block of piece.blocks || []) this.blocks.insertAdjacentHTML("beforeend", block); // sanitised on the server
    if ("tail" in piece) this.tail.data = piece.tail;
    else if (isReset) this.tail.data = piece.add || "";
    else if (piece.add) this.tail.appendData(piece.add);
  }

  finish(html, text, drawn) {
    this.text = text;
    if (html === this.html) return;
    const isFirst = this.html === null;
    this.html = html;
    later(() => {
      const top = isFirst ? 0 : this.node.scrollTop;
      this.draw();
      this.node.classList.remove("is-live");
      requestAnimationFrame(() => { this.node.scrollTop = top; }); // with the frame's own layout, not one of its own
      if (drawn) drawn();
    });
  }

  draw() {
    if (this.isRaw) this.inner.replaceChildren(el("pre", { class: "fx-raw", dir: "auto", text: this.text }));
    else this.inner.innerHTML = this.html; // sanitised on the server
  }

  toggleRaw(control) {
    if (this.html === null) return;
    this.isRaw = !this.isRaw;
    control.setAttribute("aria-pressed", String(this.isRaw));
    this.draw();
  }
}

/* Copy and raw/rendered, for the text of one output. */
function textTools(prose, name, redrawn) {
  const raw = button("Raw", "code", () => {
    prose.toggleRaw(raw);
    if (redrawn) redrawn();
  }, { "aria-pressed": "false", "aria-label": `Raw text of ${name}`, title: "Raw text", class: "fx-btn fx-quiet fx-iconic fx-rawer" });
  const copy = button("Copy", "copy", () => copyText(prose.text, copy), { "aria-label": `Copy ${name}`, title: "Copy", class: "fx-btn fx-quiet fx-iconic" });
  return el("div", { class: "fx-tools" }, copy, raw);
}

/* A failure in plain words. */
function trouble(failure, ...actions) {
  return el("div", { class: "fx-trouble" }, icon("warn"),
    el("div", {}, el("strong", { text: failure.cause }), el("p", { text: failure.message, dir: "auto" }), ...actions));
}
