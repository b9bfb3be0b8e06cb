/* The fused answer and, once it is final, where each of its sentences comes from. */

class FusionCard {
  constructor(board) {
    this.board = board;
    this.card = {};
    Object.assign(this, topCard("fusion", "Fused answer", "merge", "One answer written from all candidates, with the sources of every sentence."));
    this.body.append(skeleton());
    this.prose = new Prose("Text of the fused answer");
    this.byline = el("p", { class: "fx-hint fx-byline" });
    this.comparing = el("pre", { class: "fx-raw", dir: "auto" });
    this.comparison = disclosure("Comparison", this.comparing);
    this.title = el("h3", { class: "fx-sr", text: "Its text" });
    this.warnings = el("div", { class: "fx-warnings" });
    this.legend = el("div", { class: "fx-legend", role: "group", "aria-label": "Copied text: show what comes from one candidate" });
    this.quotes = el("div", { class: "fx-quotes", hidden: true });
    this.dropped = disclosure("Dropped by fusion");
    this.making = el("p", { class: "fx-hint" });
  }

  update(fresh) {
    const card = Object.assign(this.card, fresh);
    this.node.dataset.state = card.state;
    write(this.byline, [card.label, card.note].filter(Boolean).join(" · "));
    if (card.state === "finished") this.drawFinished(card);
    else if (card.state === "writing") this.drawWriting();
    else this.drawWaiting(card);
  }

  drawWaiting(card) {
    const words = card.state === "none" ? "No fusor was chosen for this run."
      : [card.label, card.state === "waiting" && "starts when sampling stops"].filter(Boolean).join(" · ");
    const parts = [el("p", { class: "fx-hint", text: words })];
    if (card.failure) parts.push(trouble(card.failure));
    else if (card.state === "waiting") parts.push(skeleton());
    else if (card.state === "failed") parts.push(el("p", { class: "fx-hint", text: "No fused answer was written." }));
    this.body.replaceChildren(...parts);
    this.aside.replaceChildren();
  }

  drawWriting() {
    if (this.body.contains(this.prose.node)) return;
    this.aside.replaceChildren(badge("live", "pen", "Writing"));
    show(this.comparison, false);
    this.waiting = skeleton();
    this.body.replaceChildren(this.byline, this.title, this.comparison, this.waiting, this.prose.node);
    show(this.prose.node, false);
  }

  append(piece, isReset) {
    if (this.card.state !== "writing") return;
    this.prose.append(piece, isReset);
    if (piece.thought) {
      show(this.comparison, true);
      this.comparison.open = true;
      if (isReset) this.comparing.textContent = "";
      this.comparing.append(piece.thought);
      this.comparing.scrollTop = this.comparing.scrollHeight;
    }
    if (piece.blocks || piece.add) {
      this.comparison.open = false;
      show(this.prose.node, true);
      show(this.waiting, false);
    }
  }

  drawFinished(card) {
    this.prose.speaks(card.lang);
    show(this.prose.node, true);
    this.prose.finish(card.html, card.text, () => this.board.sources.attach());
    this.aside.replaceChildren(...(card.agrees ? [badge("ok", "check", "Agrees with the vote")] : []));
    this.warnings.replaceChildren(...card.warnings.map((words) => el("p", { class: "fx-warning" }, icon("warn"), el("span", { text: words, dir: "auto" }))));
    this.comparison.open = false;
    show(this.comparison, card.comparison_html);
    const said = el("div", { class: "fx-prose" });
    said.innerHTML = card.comparison_html; // sanitised on the server
    this.comparison.replaceChildren(this.comparison.firstChild, said);
    this.drawDropped(card.dropped);
    write(this.making, [`Read candidates ${card.order.join(", ")} in this order`, card.version, ...card.facts].join(" · "));
    this.board.sources.drawLegend(card.copied);
    if (this.verdict) return;
    this.body.replaceChildren(this.warnings, this.byline, this.title, this.prose.node, this.quotes, this.legend, this.dropped, this.comparison, this.making);
    this.verdict = new Verdict(this.board.rating, "fusion", "fusion", "the fused answer");
    show(this.verdict.node, true);
    this.foot.replaceChildren(this.verdict.node, textTools(this.prose, "the fused answer", () => this.board.sources.attach()));
    show(this.foot, true);
    this.board.rating.redraw();
  }

  drawDropped(dropped) {
    show(this.dropped, dropped.length);
    write(this.dropped.firstChild, `Dropped by fusion (${dropped.length})`);
    const lost = dropped.map((line) => el("li", {}, el("span", { dir: "auto", text: line.text }),
      el("span", { class: "fx-said-by" }, ...line.positions.map((position) => this.board.pointer(position)))));
    this.dropped.replaceChildren(this.dropped.firstChild,
      el("p", { class: "fx-hint", text: "Most candidates say this, the fused answer does not." }), el("ul", { class: "fx-list" }, ...lost));
  }
}

/* Marks on the fused sentences, and the passages of the candidates they rest on. */
class Sources {
  constructor(board) {
    this.board = board;
    this.sentence = null;
    this.candidate = null;
  }

  get card() {
    return this.board.fusion.card;
  }

  sourcesOf(sentence) {
    return (this.card.lines || [])[sentence] || [];
  }

  attach() {
    const { inner } = this.board.fusion.prose;
    for (const said of inner.querySelectorAll(".fx-said")) {
      const [first] = this.sourcesOf(said.dataset.s);
      said.classList.add(first ? hue(first.position) : "is-new");
      if (first && first.kind === "reworded") said.classList.add("is-reworded");
      said.addEventListener("click", () => this.choose(Number(said.dataset.s)));
    }
    for (const mark of inner.querySelectorAll(".fx-mark")) {
      const sentence = Number(mark.dataset.s);
      const sources = this.sourcesOf(sentence);
      mark.replaceChildren(...(sources.length ? sources.map((source) => this.chip(sentence, source))
        : [el("span", { class: "fx-source is-new", title: "No candidate says this", text: "new" })]));
    }
    this.light();
  }

  chip(sentence, source) {
    return el("button", { type: "button", class: `fx-source ${hue(source.position)}`, text: String(source.position),
      "aria-label": `Source: candidate ${source.position}, ${source.kind}, ${source.alike} alike`,
      title: `Candidate ${source.position}: ${source.kind}, ${source.alike} alike`,
      click: () => { this.choose(sentence, true); this.board.jump(source.position, source.passage); } });
  }

  choose(sentence, isKept) {
    this.sentence = sentence === this.sentence && !isKept ? null : sentence;
    this.drawQuotes();
    this.light();
  }

  dim(position) {
    this.candidate = position === this.candidate ? null : position;
    this.light();
  }

  clear() {
    const wasLit = this.sentence !== null || this.candidate !== null;
    this.sentence = this.candidate = null;
    this.drawQuotes();
    this.light();
    return wasLit;
  }

  light() {
    const { inner } = this.board.fusion.prose;
    inner.classList.toggle("is-dimmed", this.candidate !== null);
    for (const said of inner.querySelectorAll(".fx-said")) {
      const sentence = Number(said.dataset.s);
      const isFrom = this.sourcesOf(sentence).some((source) => source.position === this.candidate);
      said.classList.toggle("is-lit", isFrom || sentence === this.sentence);
    }
    for (const control of this.board.fusion.legend.querySelectorAll("button")) {
      control.setAttribute("aria-pressed", String(Number(control.dataset.position) === this.candidate));
    }
    const chosen = this.sentence === null ? [] : this.sourcesOf(this.sentence);
    for (const card of this.board.cards.values()) {
      const lit = new Set(chosen.filter((source) => source.position === card.position).map((source) => String(source.passage)));
      card.node.classList.toggle("is-source", lit.size > 0 || card.position === this.candidate);
      for (const said of card.prose.inner.querySelectorAll(".fx-said")) {
        said.classList.toggle("is-lit", lit.has(said.dataset.s) || (card.position === this.candidate && !lit.size));
      }
    }
  }

  drawQuotes() {
    const { quotes } = this.board.fusion;
    const sources = this.sentence === null ? [] : this.sourcesOf(this.sentence);
    show(quotes, this.sentence !== null);
    quotes.replaceChildren(
      el("p", { class: "fx-quotes-head" }, el("strong", { text: sources.length ? "This sentence rests on" : "No candidate says this" }),
        el("button", { type: "button", class: "fx-clear", "aria-label": "Close the sources", click: () => this.clear() }, icon("cross"))),
      ...sources.map((source) => el("blockquote", { class: hue(source.position) },
        this.board.pointer(source.position, source.passage),
        el("span", { class: "fx-hint", text: `${source.kind}, ${source.alike} alike` }),
        this.quote(source))));
  }

  /* The passage as its card draws it; as plain text where the card does not (raw text, code, formulas). */
  quote(source) {
    const card = this.board.cards.get(source.position);
    const drawn = card ? [...card.prose.inner.querySelectorAll(`span.fx-said[data-s="${Number(source.passage)}"]`)] : [];
    const quote = el("p", { dir: "auto" });
    if (drawn.length) quote.append(...drawn.flatMap((said) => [...[...said.childNodes].map((node) => node.cloneNode(true)), " "]));
    else quote.textContent = source.quote;
    return quote;
  }

  drawLegend(copied) {
    const { legend } = this.board.fusion;
    show(legend, copied.length);
    legend.replaceChildren(el("span", { class: "fx-hint", text: "Copied text" }),
      ...copied.map((part) => el("button", { type: "button", class: `fx-share ${hue(part.position)}`, "aria-pressed": "false",
        "data-position": part.position, "aria-label": `Candidate ${part.position}: ${part.words} of the fused text is copied from it. Show its sentences only.`,
        click: () => this.dim(part.position) },
      el("b", { text: String(part.position) }), part.words)));
  }
}
