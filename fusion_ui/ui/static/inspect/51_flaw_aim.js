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
    const range = walkSelection(column.prose, { direction, unit, isLonger });
    if (range) this.show(column, range);
  }

  show(column, range) {
    const body = column.body || column.node;
    bringIntoView(body, range);
    const { top, bottom } = body.getBoundingClientRect();
    if (bottom < 0 || top > window.innerHeight) column.node.scrollIntoView({ block: "nearest" });
  }
}
