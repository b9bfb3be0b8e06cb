/* The flaws of one case as the server told them, with what this person has decided since laid over them. */

class FlawStore {
  constructor({ caseView, person, changed }) {
    Object.assign(this, { caseView, person, changed });
    this.told = null;
    this.newIds = new Map();
    this.outbox = new TabOutbox({ caseView, kind: "flaws", pathOf: (entry) => this.pathOf(entry), stored: (entry, reply) => this.stored(entry, reply), changed });
  }

  forget() {
    this.told = null;
    this.newIds.clear();
  }

  async load() {
    const run = this.caseView.runId;
    const told = await this.caseView.call(`/flaws?rater=${encodeURIComponent(this.person.name)}`);
    if (run === this.caseView.runId) this.take(told);
  }

  take(told) {
    this.told = told;
    this.taxonomy = new Taxonomy(told.taxonomy);
    this.changed();
  }

  pathOf({ act, flaw }) {
    return act === "change" ? `/flaws/${encodeURIComponent(flaw)}` : act === "undo" ? "/flaws/undo" : "/flaws";
  }

  /* A mark gets its id, and a change a new one: what waits behind it, and what is open, goes on under that. */
  stored(entry, reply) {
    const before = entry.act === "add" ? entry.key : entry.flaw;
    this.newIds.set(before, reply.saved.id);
    for (const each of this.outbox.entries.filter(({ flaw }) => flaw === before)) this.outbox.keep(Object.assign(each, { flaw: reply.saved.id }));
    if (entry.run === this.caseView.runId) this.told = reply;
  }

  idOf(id) {
    return this.newIds.has(id) ? this.idOf(this.newIds.get(id)) : id;
  }

  /* Everything that stands, in the order in which it is read, with the label it is drawn by: numbered for each person, so
     that what others mark does not rename one's own. */
  get flaws() {
    const rows = new Map(this.told.flaws.map((flaw) => [flaw.id, flaw]));
    for (const entry of this.outbox.of(this.caseView.runId)) {
      if (entry.act === "add") rows.set(entry.key, { ...entry.body, id: entry.key, is_mine: true, from: "run", study: null, isPending: true, refusal: entry.refusal });
      else if (entry.act === "change" && rows.has(entry.flaw)) rows.set(entry.flaw, { ...rows.get(entry.flaw), ...entry.body, isPending: true, refusal: entry.refusal });
    }
    const numbers = new Map();
    return [...rows.values()].filter((flaw) => !flaw.is_removed).sort(this.inReadingOrder()).map((flaw) => {
      numbers.set(flaw.rater, (numbers.get(flaw.rater) || 0) + 1);
      return { ...flaw, mark: this.labelOf(flaw, numbers.get(flaw.rater)) };
    });
  }

  inReadingOrder() {
    const places = new Map(this.caseView.columns.map(({ outputId }, at) => [outputId, at]));
    const place = ({ output_id: output }) => places.get(output) ?? places.size;
    return (one, other) => place(one) - place(other) || (one.start ?? -1) - (other.start ?? -1) || (one.end ?? 0) - (other.end ?? 0);
  }

  labelOf({ category, is_mine: isMine, rater }, number) {
    const key = this.taxonomy.of(category)?.key || "–";
    return isMine ? `${key}${number}` : `${key}${number} ${rater}`;
  }

  get suggestions() {
    return this.told.suggestions.map((each, at) => ({ ...each, mark: `${this.taxonomy.of(each.category)?.key || "–"}?${at + 1}` }));
  }

  /* Class, kind and severity in words. */
  named({ category, severity }) {
    const found = this.taxonomy.isFlaw(category) && this.taxonomy.severity(severity);
    return [this.taxonomy.named(category), found && found.label.toLowerCase()].filter(Boolean).join(", ");
  }

  flaw(id) {
    return this.flaws.find((flaw) => flaw.id === this.idOf(id));
  }

  /* One's own mark of this class on these very words, if there is one already. */
  same({ output_id: output, start, end }, category) {
    return this.flaws.find((flaw) => flaw.is_mine && flaw.from === "run" && flaw.output_id === output && flaw.start === start && flaw.end === end && flaw.category.split("/")[0] === category);
  }

  /* What is missing before it can be stored, or "". */
  missing({ category, severity, note }) {
    if (!category) return "class";
    if (!severity && this.taxonomy.isFlaw(category)) return "severity";
    return this.taxonomy.needsNote(category) && !note.trim() ? "note" : "";
  }

  /* The id under which it stands until the server gives it one; null if nobody says who marks. */
  async add({ output_id, start, end, category, severity, note, suggestion_id = null }) {
    const { runId: run } = this.caseView;
    const rater = await this.person.asked();
    if (!rater) return null;
    return this.put({ act: "add", run, body: { rater, output_id, start, end, category, severity: severity || this.taxonomy.usualSeverity(category), note, suggestion_id } }).key;
  }

  change(id, changes) {
    return this.put({ act: "change", flaw: this.idOf(id), body: { rater: this.person.name, ...changes } });
  }

  remove(id) {
    return this.change(id, { is_removed: true });
  }

  undo() {
    return this.put({ act: "undo", body: { rater: this.person.name } });
  }

  put(entry) {
    const put = this.outbox.put(entry);
    this.changed();
    return put;
  }

  get canUndo() {
    return Boolean(this.told?.can_undo) || this.outbox.of(this.caseView.runId).length > 0;
  }

  wordsOf({ act, body }) {
    if (act === "undo") return "taking back the last act";
    if (body.is_removed) return "removing a mark";
    return body.category ? this.taxonomy?.named(body.category) || body.category : "changing a mark";
  }
}
