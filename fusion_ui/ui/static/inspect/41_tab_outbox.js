/* What was decided in a tab of a case: drawn at once, and sent one after the other, in the order in which it was decided. */

class TabOutbox extends Outbox {
  /* `pathOf(entry)` is where it goes, within its run; `stored(entry, reply)` comes before `changed()`. */
  constructor({ caseView, kind, pathOf, changed, stored }) {
    super("fx-inspect-out:", (entry) => new CaseCalls(entry.run).ask(pathOf(entry), { ...entry.body, key: entry.key })); // goes on when the case is left
    Object.assign(this, { caseView, kind, changed, stored });
    this.entries = this.kept().filter((entry) => entry.kind === kind);
    this.trouble = "";
  }

  of(run) {
    return this.entries.filter((entry) => entry.run === run);
  }

  put(what) {
    const entry = super.put({ kind: this.kind, run: this.caseView.runId, refusal: "", ...what });
    this.entries.push(entry);
    this.retryNow();
    return entry;
  }

  drop(entry) {
    super.drop(entry);
    this.entries = this.entries.filter((each) => each !== entry);
  }

  /* With what was to be changed about it. */
  discard(entry) {
    for (const each of this.entries.filter((one) => one === entry || one.flaw === entry.key)) this.drop(each);
    this.changed();
  }

  again(entry) {
    entry.refusal = "";
    this.retryNow();
  }

  retryNow() {
    super.retryNow();
    if (!this.isSending) this.send();
  }

  async send() {
    this.isSending = true;
    for (let next = this.next(); next; next = this.next()) await this.sendOne(next);
    this.isSending = false;
  }

  /* A change of something that was refused waits with it. */
  next() {
    const refused = new Set(this.entries.filter(({ refusal }) => refusal).map(({ key }) => key));
    return this.entries.find(({ key, flaw }) => !refused.has(key) && !refused.has(flaw));
  }

  async sendOne(entry) {
    const tell = (error) => {
      this.trouble = error.message;
      this.changed();
    };
    try {
      const reply = await this.deliver(entry, tell);
      this.stored(entry, reply);
    } catch (error) {
      entry.refusal = error.message;
      this.keep(entry);
    }
    this.trouble = "";
    this.changed();
  }
}

/* What could not be stored yet, told with what can be done about it. */
function tabUnstored(outbox, run, wordsOf) {
  const entries = outbox.of(run);
  const refused = entries.filter(({ refusal }) => refusal).map((entry) => tabNotice(`Not stored: ${wordsOf(entry)}. ${entry.refusal}`,
    button("Try again", "redo", () => outbox.again(entry)), button("Discard", "cross", () => outbox.discard(entry))));
  const waiting = entries.length - refused.length;
  if (outbox.trouble && waiting) refused.unshift(tabNotice(`${capital(counted(waiting, "change"))} not stored yet, kept on this device and sent again: ${outbox.trouble}`, button("Try now", "redo", () => outbox.retryNow())));
  return refused;
}
