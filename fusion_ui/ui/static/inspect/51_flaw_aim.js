/* What is aimed at: words selected in a text of the case, by pointer or by walking them with the keyboard. */

const FLAW_POINTER = ["pointerdown", "pointerup", "pointercancel"];

class FlawAim {
  constructor({ caseView, aimed }) {
    Object.assign(this, { caseView, aimed });
    this.last = null;
    this.frame = 0;
    this.isPressed = false;
    this.heard = () => {
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => this.notice());
    };
    this.pressed = ({ type }) => {
      this.isPressed = type === "pointerdown";
      if (!this.isPressed) this.heard();
    };
  }

  /* What is selected, once the pointer has let go. */
  notice() {
    this.frame = 0;
    if (!this.isPressed) this.aimed(this.read());
  }

  /* A key that comes before the selection was told means that selection. */
  catchUp() {
    if (!this.frame && document.getSelection().isCollapsed) return;
    cancelAnimationFrame(this.frame);
    this.notice();
  }

  isIn({ prose }) {
    const selection = document.getSelection();
    return !selection.isCollapsed && prose.contains(selection.anchorNode);
  }

  listen() {
    document.addEventListener("selectionchange", this.heard);
    for (const type of FLAW_POINTER) document.addEventListener(type, this.pressed, true);
  }

  leave() {
    document.removeEventListener("selectionchange", this.heard);
    for (const type of FLAW_POINTER) document.removeEventListener(type, this.pressed, true);
    this.isPressed = false;
    cancelAnimationFrame(this.frame);
    this.last = null;
  }

  /* {column, start, end}; `start` undefined where the words have no certain place; null if no words are selected. */
  read() {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const column = this.caseView.columns.find(({ prose }) => prose.contains(range.commonAncestorContainer));
    if (!column) return null;
    this.last = column;
    return { column, ...passageOf(range, column.prose, column.text) };
  }

  clear() {
    document.getSelection().removeAllRanges();
  }

  /* Where walking begins: the text that was touched last, else the one in focus, else the first. */
  get column() {
    const { columns } = this.caseView;
    const focused = columns.find(({ node }) => node.contains(document.activeElement));
    return focused || (columns.includes(this.last) && this.last) || columns.find(({ role }) => role !== "best") || null;
  }

  async next(step) {
    const { columns } = this.caseView;
    if (!columns.length) return null;
    this.clear();
    const next = columns[(columns.indexOf(this.column) + step + columns.length) % columns.length];
    await next.drawn();
    this.last = next;
    next.node.scrollIntoView({ block: "nearest", inline: "nearest" });
    (next.body || next.node).focus({ preventScroll: true });
    return next;
  }

  async walk(direction, unit, isLonger) {
    const { column } = this;
    if (!column) return;
    await column.drawn();
    const selection = document.getSelection();
    const isInside = selection.rangeCount > 0 && column.prose.contains(selection.anchorNode);
    const before = isInside ? selection.getRangeAt(0).cloneRange() : null;
    if (!isInside) selection.collapse(column.prose, 0);
    if (isLonger && isInside) selection.modify("extend", direction, unit);
    else this.step(selection, direction, unit, isInside);
    if (!column.prose.contains(selection.focusNode) || !selection.toString().trim()) this.restore(selection, before);
    if (selection.rangeCount) this.show(column, selection.getRangeAt(0));
  }

  /* The next or the previous word, and none of what only stands between words. */
  step(selection, direction, unit, isInside) {
    if (isInside && direction === "forward") selection.collapseToEnd();
    else if (isInside) selection.collapseToStart();
    if (unit === "line") selection.modify("move", direction, "line");
    else if (direction === "backward") selection.modify("move", "backward", "word");
    for (let tries = 0; tries < 4; tries += 1) {
      selection.modify("extend", "forward", "word");
      if (selection.toString().trim()) return;
      selection.collapseToEnd();
    }
  }

  restore(selection, range) {
    selection.removeAllRanges();
    if (range) selection.addRange(range);
  }

  show(column, range) {
    const body = column.body || column.node;
    const words = range.getBoundingClientRect();
    const box = body.getBoundingClientRect();
    if (words.top < box.top || words.bottom > box.bottom) body.scrollTop += words.top - box.top - box.height / 3;
    if (box.bottom < 0 || box.top > window.innerHeight) column.node.scrollIntoView({ block: "nearest" });
  }
}
