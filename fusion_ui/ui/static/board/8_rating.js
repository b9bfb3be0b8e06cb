/* The rating of a run: a draft that survives reloads, saved once however often the button is pressed. */

const EMPTY = { preferred: null, stars: {}, note: "" };
const FIXED_CHOICES = [["best", "Best-of-N pick"], ["fusion", "Fused answer"], ["vote", "Vote"]];
const LAST_CHOICES = [["tie", "Tie"], ["all_bad", "All bad"]];

function sameRating(one, other) {
  const plain = (rating) => JSON.stringify([rating.preferred || null, Object.entries(rating.stars || {}).sort(), (rating.note || "").trim()]);
  return plain(one) === plain(other);
}

class RatingPanel {
  constructor(board) {
    this.board = board;
    this.verdicts = [];
    this.saved = null;
    this.isBusy = false;
    this.draft = this.stored() || { ...EMPTY, stars: {} };
    this.key = this.draft.key || newKey();
    this.name = `fx-preferred-${newKey()}`;
    this.build();
    this.redraw();
  }

  build() {
    this.choices = el("div", { class: "fx-choices" });
    this.note = el("textarea", { class: "fx-input", rows: "1", placeholder: "Why? (optional)", "aria-label": "Note", dir: "auto",
      input: () => { this.draft.note = this.note.value; this.keep(); } });
    this.rater = el("input", { class: "fx-input fx-rater", "aria-label": "Your name", autocomplete: "nickname", maxlength: "80",
      change: () => { this.board.rater = this.rater.value.trim() || "me"; this.rater.value = this.board.rater; this.board.connect(); } });
    this.rater.value = this.board.rater;
    this.save = button("Save rating", "check", () => this.submit(), { class: "fx-btn fx-primary" });
    this.undo = button("Undo", "redo", () => this.takeBack(), { class: "fx-btn fx-quiet", hidden: true });
    this.more = button("Note", "note", () => this.open(), { class: "fx-btn fx-quiet fx-iconic", title: "Write a note" });
    this.said = el("p", { class: "fx-saved", "aria-live": "polite" });
    this.alert = el("div", { role: "alert", class: "fx-alert" });
    this.node = el("section", { class: "fx-dock fx-card", "aria-label": "Your rating", hidden: true },
      el("div", { class: "fx-dock-row" },
        el("fieldset", { class: "fx-prefer" }, el("legend", { text: "Which output do you prefer?" }), this.choices), this.more, this.save),
      el("div", { class: "fx-dock-row fx-dock-rest" }, this.note,
        el("label", { class: "fx-as" }, el("span", { text: "Rated by", "aria-hidden": "true" }), this.rater), this.undo, this.said),
      this.alert);
  }

  /* The second row, with the note, opens with the first thing a person says. */
  open() {
    this.node.classList.add("is-open");
    this.note.focus();
  }

  get draftPlace() {
    return `fx-draft:${this.board.run}`;
  }

  stored() {
    const kept = memory.get(this.draftPlace);
    return kept && typeof kept === "object" && kept.stars ? kept : null;
  }

  /* Remember the draft, and say that it is not saved yet. */
  keep() {
    const isSaved = this.saved ? sameRating(this.draft, this.saved) : sameRating(this.draft, EMPTY);
    memory.set(this.draftPlace, isSaved ? null : { ...this.draft, key: this.key });
    this.redraw();
  }

  prefer(output) {
    this.draft.preferred = output;
    this.keep();
  }

  setStars(output, stars) {
    if (stars) this.draft.stars[output] = stars;
    else delete this.draft.stars[output];
    this.keep();
  }

  /* What the server says this person last saved; a draft on this device is kept. */
  update({ saved }) {
    this.saved = saved;
    if (!this.stored()) this.adopt(saved);
    this.redraw();
  }

  adopt(rating) {
    this.draft = rating ? { preferred: rating.preferred || null, stars: { ...rating.stars }, note: rating.note || "" } : { ...EMPTY, stars: {} };
    this.key = newKey();
  }

  redraw() {
    this.drawChoices();
    for (const verdict of this.verdicts) verdict.draw(this.draft);
    if (document.activeElement !== this.note) this.note.value = this.draft.note;
    const isDirty = !sameRating(this.draft, this.saved || EMPTY);
    this.node.classList.toggle("is-dirty", isDirty);
    if (isDirty || this.saved) this.node.classList.add("is-open");
    show(this.undo, this.saved && !isDirty && !this.saved.is_withdrawn);
    write(this.said, this.words(isDirty));
  }

  words(isDirty) {
    if (this.isBusy) return "Saving …";
    if (isDirty) return this.saved ? `Changed since revision ${this.saved.revision}, not saved yet` : "Not saved yet";
    if (!this.saved) return "";
    const time = clockTime(this.saved.saved_at);
    return this.saved.is_withdrawn ? `Taken back ${time} · revision ${this.saved.revision}`
      : `Saved ${time} · revision ${this.saved.revision} · given with names visible`;
  }

  offered() {
    const { board } = this;
    const isThere = { best: board.best.card.state === "done", fusion: board.fusion.card.state === "finished", vote: board.vote.card.votes > 0 };
    const done = [...board.cards.values()].filter((card) => card.card.state === "done");
    return [...FIXED_CHOICES.filter(([output]) => isThere[output]),
      ...done.map((card) => [`candidate:${card.position}`, String(card.position), `Candidate ${card.position}`]), ...LAST_CHOICES];
  }

  drawChoices() {
    const offered = this.board.best ? this.offered() : LAST_CHOICES;
    const drawn = JSON.stringify(offered);
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      this.choices.replaceChildren(...offered.map(([output, words, spoken]) => el("label", { class: spoken ? "is-number" : null },
        el("input", { type: "radio", name: this.name, value: output, "aria-label": spoken || null, change: () => this.prefer(output) }),
        el("span", { text: words, "aria-hidden": spoken ? "true" : null }))));
    }
    for (const radio of this.choices.querySelectorAll("input")) radio.checked = radio.value === this.draft.preferred;
  }

  async submit(isRepeat) {
    if (this.isBusy) return;
    if (sameRating(this.draft, EMPTY) && !this.saved) {
      write(this.said, "Choose an output, give stars or write a note first.");
      return;
    }
    const sent = { ...this.draft, stars: { ...this.draft.stars } };
    memory.set(this.draftPlace, { ...this.draft, key: this.key });
    const body = { key: this.key, rater: this.board.rater, preferred: sent.preferred, stars: sent.stars, note: sent.note, supersedes: (this.saved && this.saved.id) || null };
    await this.send("ratings", body, () => this.submit(), sent);
    // An earlier try with this key may have been stored although its answer was lost: then what changed since is sent now.
    const isBehind = this.saved && sameRating(this.draft, sent) && !sameRating(sent, this.saved);
    if (isBehind && !isRepeat && !this.alert.firstChild) await this.submit(true);
  }

  async takeBack() {
    if (!this.isBusy) await this.send("ratings/undo", { key: this.key, rater: this.board.rater }, () => this.takeBack(), null);
  }

  /* The key stays the same until the server has acknowledged it, so that a second try cannot store a second rating. */
  async send(path, body, again, sent) {
    const { run } = this.board;
    this.isBusy = true;
    this.save.setAttribute("aria-disabled", "true");
    this.alert.replaceChildren();
    this.redraw();
    try {
      const reply = await post(`${API}${encodeURIComponent(run)}/${path}`, body);
      if (run !== this.board.run) return;
      this.saved = reply.rating ? { ...reply.rating, saved_at: reply.saved_at, revision: reply.revision } : null;
      this.key = newKey();
      if (!sent || (this.saved && sameRating(sent, this.saved) && sameRating(this.draft, sent))) this.adopt(this.saved);
    } catch (error) {
      this.alert.replaceChildren(el("p", {}, icon("warn"), el("span", { text: `Not saved: ${error.message} Your rating is kept here.` }),
        button("Try again", "redo", again)));
    } finally {
      this.isBusy = false;
      this.save.removeAttribute("aria-disabled");
      this.keep();
    }
  }
}
