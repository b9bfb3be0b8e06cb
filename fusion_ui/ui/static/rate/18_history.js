/* What was decided so far: a list that leads back to any of it. */

class History extends Dialog {
  constructor(screen) {
    const list = el("ol", { class: "rate-history" });
    super("Decided so far", list);
    this.screen = screen;
    this.list = list;
    this.decided = [];
    this.touched = new Set();
  }

  /* What was decided while the answer was on its way is not in it, and stays. */
  async load(study, rater) {
    this.decided = [];
    this.touched.clear();
    const said = await call(`/${encodeURIComponent(study)}/history?${asRater(rater)}`);
    const before = said.filter(({ trial_id: id, verdict }) => verdict && verdict !== "withdrawn" && !this.touched.has(id));
    this.decided = [...before, ...this.decided].sort((one, other) => one.number - other.number);
  }

  note(trial, judgement, savedAt) {
    this.forget(trial.id);
    this.decided.push({ trial_id: trial.id, number: trial.number, verdict: judgement.verdict, saved_at: savedAt, prompt: trial.prompt.slice(0, 120), words: verdictWords(judgement) });
    this.decided.sort((one, other) => one.number - other.number);
  }

  forget(id) {
    this.touched.add(id);
    this.decided = this.decided.filter(({ trial_id: each }) => each !== id);
  }

  /* The last save, whichever item it was on. */
  get last() {
    return this.decided.reduce((latest, each) => (!latest || each.saved_at >= latest.saved_at ? each : latest), null);
  }

  beside(id, by) {
    const at = this.decided.findIndex(({ trial_id: each }) => each === id);
    return at < 0 ? (by < 0 ? this.decided[this.decided.length - 1] : null) : this.decided[at + by];
  }

  ask() {
    this.list.replaceChildren(...[...this.decided].reverse().map((each) => el("li", {}, el("button", { type: "button", class: "rate-past", click: () => { this.close(); this.screen.revisit(each.trial_id); } },
      el("b", { text: String(each.number) }), el("span", { class: "rate-past-verdict", text: each.words || verdictWords(each) }), el("time", { datetime: each.saved_at, text: clockTime(each.saved_at) }),
      el("bdi", { text: clipped(each.prompt, 120) })))));
    if (!this.decided.length) this.list.replaceChildren(el("li", { class: "fx-hint", text: "Nothing yet." }));
    this.open();
  }
}
