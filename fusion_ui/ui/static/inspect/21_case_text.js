/* One output's text in a box of its own: plain at once, rendered when it comes into sight, with passages marked in it.
   Rendered or plain, its elements say with data-o where they stand in the stored text. */

const CASE_SETTLE_MS = 90; // columns that only flash by while somebody scrolls are not asked for
const CASE_POURED = [1500, 4000]; // characters a frame: first what a column shows at once, then what has time
const CASE_SLICES = [];

/* One slice of drawing a frame, whoever asks, so that scrolling is answered in between; what nobody wants any more
   takes no frame. */
function caseSlice(slice) {
  CASE_SLICES.push(slice);
  if (CASE_SLICES.length === 1) afterFrame(caseNextSlice);
}

function caseNextSlice() {
  try {
    while (CASE_SLICES.length > 1 && CASE_SLICES[0].isPointless()) CASE_SLICES.shift();
    CASE_SLICES[0].draw();
  } finally {
    CASE_SLICES.shift();
    if (CASE_SLICES.length) afterFrame(caseNextSlice);
  }
}

class CaseText extends Prose {
  constructor(column) {
    super(`Text of ${column.name}`);
    this.column = column;
    this.text = column.text;
    this.html = column.calls.known(column.outputId);
    this.inner.classList.add("case-prose");
    this.marks = [];
    this.waiting = [];
    this.top = 0;
    this.node.addEventListener("scroll", () => { this.top = this.node.scrollTop; }, { passive: true });
    this.draw();
  }

  /* The text as its card has it: with the sources of its sentences, for which there is no place to mark. */
  finish(html, _text, drawn) {
    this.sourced = html;
    this.dressed = drawn;
    this.draw();
  }

  get isSourced() {
    return Boolean(this.sourced) && !this.isRaw && !this.column.isMarking && !this.marks.length;
  }

  /* Settles when the rendered text is there. */
  drawn() {
    if (!this.asking) {
      this.asking = this.load().catch((error) => {
        this.asking = null;
        throw error;
      });
    }
    return this.asking;
  }

  async load() {
    const html = await this.column.calls.text(this.column.outputId);
    if (html === this.html) return;
    const settled_ = new Promise((resolve) => this.waiting.push(resolve));
    this.html = html;
    this.draw();
    await settled_;
  }

  draw() {
    this.turn = {};
    const html = this.isSourced ? this.sourced : this.isRaw ? null : this.html;
    if (html === null) this.drawPlain();
    else this.pour(html, this.top > 0 || this.marks.length > 0);
  }

  drawPlain() {
    if (!this.text.trim()) this.inner.replaceChildren(el("p", { class: "fx-hint", text: "This text is empty." }));
    else this.inner.replaceChildren(el(this.isRaw ? "pre" : "div", { class: this.isRaw ? "fx-raw" : "fx-tail", dir: "auto", "data-o": "0", text: this.text }));
    this.settle();
  }

  /* Block by block, a slice a frame; all of it at once where somebody has scrolled down or passages are marked. */
  pour(html, isWhole) {
    const { turn } = this;
    const parsed = el("template");
    parsed.innerHTML = html; // sanitised on the server
    const blocks = [...parsed.content.childNodes];
    if (this.isSourced) this.dress(blocks);
    let put = (nodes) => this.inner.replaceChildren(...nodes);
    const isPointless = () => turn !== this.turn;
    let most = isWhole ? Infinity : CASE_POURED[0];
    const draw = () => {
      if (isPointless()) return;
      let [until, size] = [0, 0];
      while (until < blocks.length && size < most) size += blocks[until++].textContent.length;
      put(blocks.splice(0, until));
      put = (nodes) => this.inner.append(...nodes);
      most = CASE_POURED[1];
      if (blocks.length) caseSlice({ draw, isPointless });
      else this.settle();
    };
    if (isWhole) draw();
    else caseSlice({ draw, isPointless });
  }

  /* Sources are laid on where nothing is shown: on a long text in sight it would mean laying all of it out again. */
  dress(blocks) {
    const before = [...this.inner.childNodes];
    show(this.inner, false);
    this.inner.replaceChildren(...blocks);
    if (this.dressed) this.dressed();
    this.inner.replaceChildren(...before);
    show(this.inner, true);
  }

  /* What is still to be drawn is for nobody. */
  leave() {
    this.turn = {};
  }

  settle() {
    for (const { start, end, ...look } of this.marks) drawPassage(this.inner, { start, end }, look);
    if (this.top) this.node.scrollTop = this.top;
    for (const resolve of this.waiting.splice(0)) resolve();
    this.column.wasDrawn();
  }

  toggleRaw(control) {
    this.isRaw = !this.isRaw;
    control.setAttribute("aria-pressed", String(this.isRaw));
    this.draw();
  }

  setMarks(marks) {
    if (!marks.length && !this.marks.length) return;
    this.marks = marks;
    this.draw();
  }
}

/* What the tabs know of an output that is shown: where it stands, its words, and how to mark them. */
class CaseColumn {
  constructor(caseView, { role, position, outputId, name, text }) {
    Object.assign(this, { caseView, role, position, outputId, name, text, calls: caseView.calls });
    this.box = new CaseText(this);
    this.body = this.box.node;
    this.prose = this.box.inner;
    this.node = this.body; // until a card holds it
  }

  get isMarking() {
    return this.role === "fusion" && Boolean(this.caseView.isMarking);
  }

  drawn() {
    return this.box.drawn();
  }

  setMarks(marks) {
    this.box.setMarks(marks);
  }

  wasDrawn() {
    if (this.box && this.caseView.onColumn) this.caseView.onColumn(this);
  }

  /* Bring a stretch of the text into sight, lit until the next one is. */
  async light({ start, end }) {
    await this.drawn();
    for (const mark of this.prose.querySelectorAll(".case-lit")) mark.classList.remove("case-lit");
    drawPassage(this.prose, { start, end }, { className: "case-passage case-lit", label: "", title: "" });
    const lit = this.prose.querySelector(".case-lit");
    if (lit) lit.scrollIntoView({ block: "center", inline: "nearest" });
  }

  jumpTo(label) {
    const mark = [...this.prose.querySelectorAll("[data-label]")].find((node) => node.dataset.label === label);
    if (!mark) return;
    for (const lit of this.prose.querySelectorAll(".case-lit")) lit.classList.remove("case-lit");
    mark.classList.add("case-lit");
    mark.scrollIntoView({ block: "center", inline: "nearest" });
  }
}

/* Asks for the rendered text of the columns that come into sight and stay there a moment. */
class CaseSight {
  constructor() {
    this.timers = new Map();
    this.columnOf = new Map();
    this.observer = new IntersectionObserver((seen) => this.note(seen), { rootMargin: "300px", scrollMargin: "300px" });
  }

  watch(node, column) {
    this.columnOf.set(node, column);
    this.observer.observe(node);
  }

  note(seen) {
    for (const { target, isIntersecting } of seen) {
      clearTimeout(this.timers.get(target));
      if (isIntersecting) this.timers.set(target, setTimeout(() => this.draw(target), this.hasLooked ? CASE_SETTLE_MS : 0));
    }
    this.hasLooked = true;
  }

  draw(target) {
    const column = this.columnOf.get(target);
    column.drawn().then(() => this.observer.unobserve(target), (error) => column.caseView.tell(`${column.name} is shown as plain text: ${error.message}`));
  }

  leave() {
    this.observer.disconnect();
    for (const timer of this.timers.values()) clearTimeout(timer);
  }
}
