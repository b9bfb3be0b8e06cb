/* The board of one run: connects to its feed, keeps its cards, and shows whatever run the page asks for.
   Tells the page through `fx-run` events on document: {run, state}, state is loading, live, ended or empty. */

const API = "/api/runs/";
const HIDDEN_MS = 20000;

class Board {
  constructor(root) {
    this.root = root;
    this.run = null;
    this.rater = memory.get("fx-rater") || "me";
    this.status = el("p", { class: "fx-milestone", role: "status" });
    this.build();
    this.shortcuts = new Shortcuts(this);
    root.append(this.shortcuts.sheet);
    this.watchVisibility();
  }

  build() {
    this.cards = new Map();
    this.card = {};
    this.best = this.fusion = this.vote = null;
    this.sources = new Sources(this);
    this.rating = new RatingPanel(this);
    this.best = new BestCard(this);
    this.fusion = new FusionCard(this);
    this.vote = new VoteCard(this);
    this.path = new PathCard(this);
    this.dot = el("span", { class: "fx-dot", "aria-hidden": "true" });
    this.badges = el("span", { class: "fx-badges" });
    this.totals = el("p", { class: "fx-totals" });
    this.prompt = el("p", { class: "fx-asked", dir: "auto" });
    this.notice = el("div", { class: "fx-notices" });
    this.trouble = el("div", { role: "alert", class: "fx-alert" });
    this.link = button("Copy link", "link", () => copyText(this.address(this.run), this.link), { class: "fx-btn fx-quiet" });
    this.help = button("?", null, () => this.shortcuts.open(), { class: "fx-btn fx-quiet", "aria-label": "Keyboard shortcuts" });
    this.length = button("Full length", "tall", () => this.toggleLength(), { class: "fx-btn fx-quiet", "aria-pressed": "false" });
    this.head = el("div", { class: "fx-run", hidden: true },
      el("div", { class: "fx-run-ask" }, this.prompt, el("span", { class: "fx-run-tools" }, this.link, this.help)),
      el("div", { class: "fx-run-line" }, this.dot, this.status, this.badges, this.totals),
      this.notice);
    this.count = el("span", { class: "fx-hint" });
    this.grid = el("div", { class: "fx-grid" });
    this.section = el("section", { class: "fx-candidates", "aria-label": "Candidates", hidden: true },
      el("div", { class: "fx-sec" }, el("h2", { class: "fx-h", text: "Candidates" }), this.count, this.length), this.grid);
    this.node = el("div", { class: "fx-board" }, this.head, this.trouble,
      el("div", { class: "fx-top-row" }, this.best.node, this.fusion.node, this.vote.node), this.path.node, this.section, this.rating.node);
    const old = this.root.querySelector(".fx-board");
    if (old) old.replaceWith(this.node);
    else this.root.append(this.node);
    this.node.dataset.state = "empty";
  }

  /* Show another run, or none. */
  show(run) {
    if (run === this.run) return;
    this.run = run;
    this.build();
    write(this.status, "");
    if (run) {
      const address = this.address(run);
      if (address !== location.href) window.history.replaceState(window.history.state, "", address);
      show(this.head, true);
      this.tell("loading");
      this.connect();
    } else {
      this.disconnect();
      this.tell("empty");
    }
  }

  address(run) {
    const address = new URL(location.href);
    address.searchParams.set("run", run);
    return address.href;
  }

  tell(state) {
    this.node.dataset.state = state;
    document.dispatchEvent(new CustomEvent("fx-run", { detail: { run: this.run, state } }));
  }

  connect() {
    memory.set("fx-rater", this.rater === "me" ? null : this.rater);
    this.disconnect();
    if (!this.run) return;
    const stream = new EventSource(`${API}${encodeURIComponent(this.run)}/events?rater=${encodeURIComponent(this.rater)}`);
    stream.onmessage = (event) => {
      if (!this.root.isConnected) stream.close();
      else if (stream === this.stream) this.hear(JSON.parse(event.data));
    };
    stream.onerror = () => {
      if (stream === this.stream) this.complain(stream.readyState === EventSource.CLOSED);
    };
    this.stream = stream;
  }

  disconnect() {
    if (this.stream) this.stream.close();
    this.stream = null;
  }

  complain(isLost) {
    const words = isLost ? "This run could not be opened. It may not exist in this database." : "The connection was lost; trying again …";
    this.trouble.replaceChildren(el("p", {}, icon("warn"), el("span", { text: words }), isLost ? button("Try again", "redo", () => this.connect()) : null));
  }

  hear(message) {
    this.trouble.replaceChildren();
    if (message.run) this.drawRun(message.run);
    if (message.reset) this.forget(message.candidates || {});
    for (const [position, card] of Object.entries(message.candidates || {})) this.candidate(Number(position)).update(card);
    for (const name of ["best", "fusion", "vote"]) if (message[name]) this[name].update(message[name]);
    for (const [name, piece] of Object.entries(message.append || {})) {
      (name === "fusion" ? this.fusion : this.candidate(Number(name))).append(piece, message.reset);
    }
    if (message.rating) this.rating.update(message.rating);
    if (message.run || message.candidates || message.best || message.fusion || message.vote) this.drawAround();
    if ("elapsed_ms" in message) this.drawTotals(message.elapsed_ms);
    const { run, card, status } = this;
    if (message.run) later(() => run === this.run && write(status, card.status)); // once all that it tells of is drawn
    if (message.end) this.disconnect();
  }

  forget(candidates) {
    for (const [position, card] of this.cards) {
      if (position in candidates) continue;
      card.node.remove();
      this.cards.delete(position);
    }
  }

  candidate(position) {
    let card = this.cards.get(position);
    if (card) return card;
    card = new CandidateCard(this, position);
    this.cards.set(position, card);
    const after = [...this.cards.keys()].filter((other) => other > position).sort((one, other) => one - other)[0];
    this.grid.insertBefore(card.node, after ? this.cards.get(after).node : null);
    return card;
  }

  drawRun(fresh) {
    const before = this.card.state;
    const card = Object.assign(this.card, fresh);
    this.head.dataset.state = card.state;
    write(this.prompt, card.prompt);
    if (card.lang) this.prompt.lang = card.lang;
    this.badges.replaceChildren(...[
      card.scripted && badge("demo", null, "Scripted demo"),
      card.weights.length && badge("weights", null, el("span", { text: "Weights" }),
        ...card.weights.map(({ member, share }) => el("span", {}, foreign(member), ` ${share}`))),
      card.parent && el("a", { class: "fx-chip fx-chip-plain", href: this.address(card.parent), text: "Retry of an earlier run" }),
    ].filter(Boolean));
    const notices = [];
    if (card.interrupted) notices.push(card.interrupted);
    if (card.causes) notices.push(card.causes);
    this.notice.replaceChildren(...notices.map((words) => el("p", { class: "fx-warning" }, icon("warn"), el("span", { text: words }))));
    if (card.state !== before) this.tell(card.state === "live" ? "live" : "ended");
  }

  drawAround() {
    show(this.section, this.cards.size);
    write(this.count, this.card.progress || "");
    const isOver = this.card.state !== "live";
    const isRateable = [...this.cards.values()].some((card) => card.card.state === "done");
    show(this.path.node, isOver && this.vote.card.votes > 0);
    show(this.rating.node, isOver && isRateable);
    this.rating.redraw();
  }

  drawTotals(elapsedMs) {
    const { cost, cost_of: parts, tokens } = this.card;
    const time = elapsedMs === null ? "" : `${(elapsedMs / 1000).toFixed(1)} s`;
    const started = this.card.state === "live" ? "" : moment(this.card.started_at);
    const price = parts && parts.length ? `${cost} (${parts.join(", ")})` : cost;
    write(this.totals, [price, tokens, time, started].filter(Boolean).join(" · "));
  }

  toggleLength() {
    const isFull = this.node.classList.toggle("is-full");
    this.length.setAttribute("aria-pressed", String(isFull));
  }

  /* A small button that leads to a candidate. */
  pointer(position, passage) {
    return el("button", { type: "button", class: `fx-pointer ${hue(position)}`, text: String(position),
      "aria-label": `Go to candidate ${position}`, click: () => this.jump(position, passage) });
  }

  jump(position, passage) {
    const card = this.cards.get(position);
    if (!card) return false;
    card.jump(passage);
    return true;
  }

  go(node) {
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  async retry(position, control) {
    if (control.getAttribute("aria-disabled")) return;
    control.setAttribute("aria-disabled", "true");
    try {
      const reply = await post(`${API}${encodeURIComponent(this.run)}/retry`, { position });
      this.show(reply.run_id);
    } catch (error) {
      control.removeAttribute("aria-disabled");
      this.trouble.replaceChildren(el("p", {}, icon("warn"), el("span", { text: `Not retried: ${error.message}` })));
    }
  }

  /* A hidden tab gives its connection back after a while: a browser allows six a host. */
  watchVisibility() {
    let timer = 0;
    const listener = () => {
      clearTimeout(timer);
      if (!this.root.isConnected) document.removeEventListener("visibilitychange", listener);
      else if (document.hidden) timer = setTimeout(() => this.stream && this.card.state === "live" && this.disconnect(), HIDDEN_MS);
      else if (!this.stream && this.card.state === "live") this.connect();
    };
    document.addEventListener("visibilitychange", listener);
  }
}

const board = new Board(element.querySelector(".fx"));
const showAsked = () => board.show((props.value && props.value.run) || null);
watch("value", showAsked);
showAsked();
if (!board.run) board.tell("empty");
