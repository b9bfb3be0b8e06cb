/* What was decided and is not acknowledged yet: drawn at once, kept on this device under its own key, and sent one after
   the other until the server has answered. The key stays the same, so however often it is sent it is stored once. */

const TAB_OUTBOX = "fx-inspect-out:";
const TAB_WAIT_MS = 4_000;
const TAB_PASSING = [408, 425, 429];

class TabOutbox {
  /* `pathOf(entry)` is where it goes, within its run; `stored(entry, reply)` comes before `changed()`. */
  constructor({ caseView, kind, pathOf, changed, stored }) {
    Object.assign(this, { caseView, kind, pathOf, changed, stored });
    this.entries = this.kept();
    this.trouble = "";
    window.addEventListener("online", () => this.send());
  }

  kept() {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(TAB_OUTBOX));
      return keys.map((key) => memory.get(key)).filter((entry) => entry && entry.kind === this.kind).sort((one, other) => one.at - other.at);
    } catch {
      return [];
    }
  }

  of(run) {
    return this.entries.filter((entry) => entry.run === run);
  }

  put(entry) {
    const whole = { key: newKey(), kind: this.kind, run: this.caseView.runId, at: Date.now(), refusal: "", ...entry };
    this.entries.push(whole);
    this.keep(whole);
    this.send();
    return whole;
  }

  keep(entry) {
    memory.set(TAB_OUTBOX + entry.key, entry);
  }

  drop(entry) {
    this.entries = this.entries.filter((each) => each !== entry);
    memory.set(TAB_OUTBOX + entry.key, null);
    this.changed();
  }

  /* With what was to be changed about it. */
  discard(entry) {
    for (const each of this.entries.filter((one) => one.flaw === entry.key)) this.drop(each);
    this.drop(entry);
  }

  again(entry) {
    entry.refusal = "";
    return this.send();
  }

  async send() {
    clearTimeout(this.waiting);
    if (this.isSending) return;
    this.isSending = true;
    this.trouble = "";
    try {
      for (let next = this.next(); next && !this.trouble; next = this.next()) await this.deliver(next);
    } finally {
      this.isSending = false;
    }
    if (this.trouble) this.waiting = setTimeout(() => this.send(), TAB_WAIT_MS);
  }

  /* A change of something that was refused waits with it. */
  next() {
    const refused = new Set(this.entries.filter(({ refusal }) => refusal).map(({ key }) => key));
    return this.entries.find(({ key, flaw }) => !refused.has(key) && !refused.has(flaw));
  }

  async deliver(entry) {
    try {
      const reply = await new CaseCalls(entry.run).ask(this.pathOf(entry), { ...entry.body, key: entry.key }); // goes on when the case is left
      this.stored(entry, reply);
      this.drop(entry);
    } catch (error) {
      const isPassing = !error.status || error.status >= 500 || TAB_PASSING.includes(error.status);
      if (isPassing) this.trouble = error.message;
      else entry.refusal = error.message;
      this.keep(entry);
      this.changed();
    }
  }
}

/* What could not be stored yet, told with what can be done about it. */
function tabUnstored(outbox, run, wordsOf) {
  const entries = outbox.of(run);
  const refused = entries.filter(({ refusal }) => refusal).map((entry) => tabNotice(`Not stored: ${wordsOf(entry)}. ${entry.refusal}`,
    button("Try again", "redo", () => outbox.again(entry)), button("Discard", "cross", () => outbox.discard(entry))));
  const waiting = entries.length - refused.length;
  if (outbox.trouble && waiting) refused.unshift(tabNotice(`${capital(counted(waiting, "change"))} not stored yet, kept on this device and sent again: ${outbox.trouble}`, button("Try now", "redo", () => outbox.send())));
  return refused;
}
