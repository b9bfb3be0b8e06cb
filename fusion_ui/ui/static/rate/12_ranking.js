/* Several answers in order, ties allowed. By keyboard: digits place the answers one after the other, Shift ties one to
   the last placed, arrows move the one in focus. By hand: answers are dragged onto a place or between two. */

class Ranking {
  constructor(screen, letters) {
    this.screen = screen;
    this.letters = letters;
    this.list = el("ol", { class: "rate-tiers", "aria-label": "Your order, the best first" });
    this.pool = el("div", { class: "rate-pool", role: "group", "aria-label": "Not placed yet" });
    this.bad = el("button", { type: "button", class: "fx-btn rate-verdict", "aria-pressed": "false", click: () => this.decide("all_bad") }, screen.keys.cap("bad"), el("span", { text: "All bad" }));
    this.tie = el("button", { type: "button", class: "fx-btn rate-verdict", "aria-pressed": "false", click: () => this.level() }, screen.keys.cap("tie"), el("span", { text: "Tie" }));
    this.clear = button("Start over", "redo", () => this.restart(), { class: "fx-btn fx-quiet" });
    this.node = el("div", { class: "rate-ranking" },
      el("div", { class: "rate-order" }, el("span", { class: "fx-hint", text: "Best" }), this.list, el("span", { class: "fx-hint", text: "Worst" })),
      this.pool, el("div", { class: "rate-verdicts" }, this.tie, this.bad, this.clear));
  }

  static keys(screen, letters) {
    return [
      ...letters.map((letter, at) => ({ id: `place-${letter}`, chord: String(at + 1), words: `Place ${letter} next`, act: () => screen.task.place(letter, false) })),
      ...letters.map((letter, at) => ({ id: `join-${letter}`, chord: `shift+${at + 1}`, words: `Tie ${letter} with the last placed`, act: () => screen.task.place(letter, true) })),
      { id: "order", chord: "o", words: "Go to the order", act: () => screen.task.enter() },
      { id: "tie", chord: "t", words: "Tie: none is better", act: () => screen.task.level() },
      { id: "bad", chord: "b", words: "All bad", act: () => screen.task.decide("all_bad") },
    ];
  }

  toolsOf() {
    return [];
  }

  get tiers() {
    return this.screen.judgement.ranking;
  }

  set tiers(tiers) {
    const filled = tiers.filter((tier) => tier.length).map((tier) => [...tier].sort());
    const isWhole = filled.flat().length === this.letters.length;
    Object.assign(this.screen.judgement, { ranking: filled, verdict: isWhole ? "ranking" : null, strength: 0 });
    this.screen.changed();
  }

  /* Placing an answer again takes it out; the last one left needs no key. */
  place(letter, isTied) {
    const isPlaced = this.tiers.some((tier) => tier.includes(letter));
    const tiers = this.without(letter);
    if (!isPlaced && isTied && tiers.length) tiers[tiers.length - 1].push(letter);
    else if (!isPlaced) tiers.push([letter]);
    const left = this.letters.filter((each) => !tiers.flat().includes(each));
    if (!isPlaced && left.length === 1) tiers.push(left);
    this.tiers = tiers;
  }

  without(letter) {
    return this.tiers.map((tier) => tier.filter((each) => each !== letter)).filter((tier) => tier.length);
  }

  /* To a place of its own before tier `at`, or into tier `at`. */
  put(letter, at, isInto) {
    const host = isInto ? this.tiers[at] : null;
    const ahead = this.tiers.slice(0, at).filter((tier) => tier.length === 1 && tier[0] === letter).length;
    const tiers = this.without(letter);
    const target = at - ahead;
    if (host && host.some((each) => each !== letter)) tiers[target].push(letter);
    else tiers.splice(target, 0, [letter]);
    this.tiers = tiers;
    this.focus(letter);
  }

  /* One step: out of a tie, then into the next one. */
  step(letter, by) {
    const at = this.tiers.findIndex((tier) => tier.includes(letter));
    if (at < 0) return;
    if (this.tiers[at].length > 1) this.put(letter, by < 0 ? at : at + 1, false);
    else if (this.tiers[at + by]) this.put(letter, at + by, true);
  }

  /* No answer is better than another. */
  level() {
    this.tiers = [[...this.letters]];
  }

  decide(verdict) {
    Object.assign(this.screen.judgement, { verdict, ranking: [], strength: 0 });
    this.screen.changed();
  }

  restart() {
    this.tiers = [];
  }

  enter() {
    const chip = this.node.querySelector(".rate-chip");
    if (chip) chip.focus();
  }

  focus(letter) {
    const chip = this.node.querySelector(`.rate-chip[data-letter="${letter}"]`);
    if (chip) chip.focus();
  }

  chip(letter, spoken) {
    const node = el("button", { type: "button", class: "rate-chip", "data-letter": letter, "aria-label": spoken, click: () => { if (!this.dragged) this.tapped(letter); },
      keydown: (event) => {
        const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
        if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        this.step(letter, by);
      },
      pointerdown: (event) => this.grab(event, letter) }, letter);
    return node;
  }

  tapped(letter) {
    if (!this.tiers.some((tier) => tier.includes(letter))) this.place(letter, false);
  }

  grab(event, letter) {
    if (event.button || this.screen.phase !== "ready") return;
    const chip = event.currentTarget;
    const from = [event.clientX, event.clientY];
    this.dragged = false;
    const move = (moved) => {
      const [x, y] = [moved.clientX - from[0], moved.clientY - from[1]];
      if (!this.dragged && Math.hypot(x, y) < 6) return;
      this.dragged = true;
      chip.classList.add("is-dragged");
      chip.style.transform = `translate(${x}px, ${y}px)`;
      this.aim(moved.clientX, moved.clientY);
    };
    const end = (ended) => {
      for (const [kind, heard] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]]) window.removeEventListener(kind, heard);
      chip.classList.remove("is-dragged");
      chip.style.transform = "";
      const target = this.dragged && ended.type === "pointerup" ? this.aim(ended.clientX, ended.clientY) : null;
      this.aim(-1, -1);
      if (target) this.put(letter, target.at, target.isInto);
      setTimeout(() => { this.dragged = false; });
    };
    for (const [kind, heard] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]]) window.addEventListener(kind, heard);
  }

  /* Where a drop would go: onto a tier, or into the gap beside it. */
  aim(x, y) {
    for (const node of this.list.querySelectorAll(".is-aimed, .is-before, .is-after")) node.classList.remove("is-aimed", "is-before", "is-after");
    const box = this.list.getBoundingClientRect();
    if (x < box.left - 40 || x > box.right + 40 || y < box.top - 30 || y > box.bottom + 30) return null;
    const tiers = [...this.list.children].filter((node) => node.matches(".rate-tier"));
    for (const [at, node] of tiers.entries()) {
      const { left, right } = node.getBoundingClientRect();
      const edge = Math.min(14, (right - left) / 4);
      if (x < left + edge) return this.aimed(node, "is-before", { at, isInto: false });
      if (x <= right - edge) return this.aimed(node, "is-aimed", { at, isInto: true });
    }
    return tiers.length ? this.aimed(tiers[tiers.length - 1], "is-after", { at: tiers.length, isInto: false }) : { at: 0, isInto: false };
  }

  aimed(node, name, target) {
    node.classList.add(name);
    return target;
  }

  draw(judgement) {
    const holder = document.activeElement && this.node.contains(document.activeElement) ? document.activeElement.dataset.letter : null;
    this.list.replaceChildren(...judgement.ranking.map((tier, at) => el("li", { class: "rate-tier" }, el("span", { class: "rate-place", "aria-hidden": "true", text: `${at + 1}` }),
      ...tier.map((letter) => this.chip(letter, `Answer ${letter}, place ${at + 1}${tier.length > 1 ? ", tied" : ""}. Arrows move it.`)))));
    const left = this.letters.filter((letter) => !judgement.ranking.flat().includes(letter));
    const isOpen = judgement.verdict !== "all_bad";
    if (!judgement.ranking.length) this.list.replaceChildren(el("li", { class: "rate-none fx-hint", text: isOpen ? "Drag the answers here, or press their numbers in order" : "No order" }));
    this.pool.replaceChildren(...left.map((letter) => this.chip(letter, `Answer ${letter}, not placed. Press to place it next.`)));
    show(this.pool, left.length && isOpen);
    this.bad.setAttribute("aria-pressed", String(judgement.verdict === "all_bad"));
    this.tie.setAttribute("aria-pressed", String(judgement.ranking.length === 1 && !left.length));
    if (holder) this.focus(holder);
  }

  isChosen(judgement) {
    return judgement.verdict !== null;
  }

  problem(judgement) {
    return this.isChosen(judgement) ? null : "Place every answer first.";
  }
}
