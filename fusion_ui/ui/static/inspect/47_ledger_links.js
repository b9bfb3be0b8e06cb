/* Whether a fused sentence rests on a candidate: as the program saw it, with what people said since laid over it. What
   this person says is drawn at once and stored after; each step can be taken back. */

class LedgerLinks {
  constructor({ caseView, person, changed, refreshed }) {
    Object.assign(this, { caseView, person, changed });
    this.past = [];
    this.outbox = new TabOutbox({ caseView, kind: "sources", pathOf: () => "/sources", changed,
      stored: (entry, reply) => { if (entry.run === caseView.runId) refreshed(reply); } });
  }

  forget() {
    this.past = [];
  }

  /* {kind, similarity, start, end, quote, is_source, correction} of a line and a position; null where nothing links them. */
  cell(line, position) {
    const cell = line.cells[position] || null;
    const mine = this.outbox.of(this.caseView.runId).filter(({ body }) => body.start === line.start && body.end === line.end && body.position === position).pop();
    if (!mine) return cell;
    const { is_source: isSource, rater } = mine.body;
    const seen = Boolean(cell && cell.kind);
    const unlinked = { kind: null, similarity: null, start: null, end: null, quote: "" };
    return { ...unlinked, ...cell, is_source: isSource === null ? seen : isSource, correction: isSource === null ? null : { is_source: isSource, rater, at: null }, isPending: true };
  }

  isSource(line, position) {
    return Boolean(this.cell(line, position)?.is_source);
  }

  /* What a person says of the link now: true, false, or null where nobody corrected it. */
  saidOf(line, position) {
    return this.cell(line, position)?.correction?.is_source ?? null;
  }

  async say(line, position, isSource) {
    const before = this.saidOf(line, position);
    if (before === isSource) return;
    const rater = await this.person.asked();
    if (!rater) return;
    this.past.push({ line, position, before });
    this.put(line, position, isSource, rater);
  }

  put(line, position, isSource, rater) {
    this.outbox.put({ body: { rater, start: line.start, end: line.end, position, is_source: isSource } });
    this.changed();
  }

  /* The opposite of what stands; the program's own word is said by taking the correction back. */
  flip(line, position) {
    const wanted = !this.isSource(line, position);
    const seen = Boolean(line.cells[position]?.kind);
    return this.say(line, position, wanted === seen ? null : wanted);
  }

  undo() {
    const step = this.past.pop();
    if (step) this.put(step.line, step.position, step.before, this.person.name);
    return step || null;
  }
}
