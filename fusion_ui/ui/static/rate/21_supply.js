/* Trials: the open one, the one after it fetched ahead, drafts, and the lease that keeps a trial for its rater. */

const DRAFT_MS = 800;
const LEASE_MS = 240_000;
const DRAFTS = "fx-rate-draft:";

class Supply {
  constructor(screen) {
    this.screen = screen;
    this.ahead = null;
    this.canFetchAhead = true;
  }

  start(study) {
    this.study = study;
    this.ahead = null;
    this.wantedAfter = null;
  }

  ask(held) {
    const body = { rater: this.screen.rater };
    return call(`/${encodeURIComponent(this.study)}/next`, held ? { ...body, held } : body);
  }

  /* The next trial: at once if it was fetched ahead. After an undo that may be the one that waited and is judged now. */
  async next() {
    const ahead = this.ahead && this.ahead.id !== this.screen.trial?.id ? this.ahead : null;
    this.ahead = null;
    this.wantedAfter = null;
    return ahead ? { trial: ahead, finished: null } : this.ask();
  }

  /* A server that gives only the open trial says so by refusing, or by giving it again: then nothing is fetched ahead.
     What comes once the next trial was asked for is dropped: it may be the very one that is given then. */
  async fetchAhead(open) {
    if (!this.canFetchAhead || this.ahead) return;
    this.wantedAfter = open;
    try {
      const said = await this.ask([open.id]);
      if (said.trial && said.trial.id === open.id) this.canFetchAhead = false;
      else if (this.wantedAfter === open && said.trial) this.ahead = said.trial;
    } catch (error) {
      if (error.status >= 400 && error.status < 500) this.canFetchAhead = false;
    }
  }

  keepDraft(trial, body) {
    memory.set(DRAFTS + trial.id, body);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.sendDraft(trial, body), DRAFT_MS);
    this.unsent = { trial, body };
  }

  sendDraft(trial, body, more) {
    this.unsent = null;
    // A draft that does not arrive is still on this device, and the next change sends it again.
    return call(trialPath(trial.id, "draft"), { rater: this.screen.rater, body }, more).catch(() => {});
  }

  /* The page goes: what is not sent yet is sent without waiting. */
  leave() {
    clearTimeout(this.timer);
    if (this.unsent) this.sendDraft(this.unsent.trial, this.unsent.body, { keepalive: true });
  }

  dropDraft(trial) {
    clearTimeout(this.timer);
    this.unsent = null;
    memory.set(DRAFTS + trial.id, null);
  }

  /* The later one of what this device and the server remember. */
  draftOf(trial) {
    const drafts = [memory.get(DRAFTS + trial.id), trial.draft].filter((draft) => draft && typeof draft === "object");
    return drafts.reduce((latest, draft) => (!latest || (draft.at || 0) > (latest.at || 0) ? draft : latest), null);
  }

  keepLease(trial) {
    clearInterval(this.leasing);
    this.leasing = setInterval(() => this.renew(trial), LEASE_MS);
  }

  async renew(trial) {
    if (!trial || this.screen.clock.isPaused || this.screen.trial !== trial) return;
    try {
      await call(trialPath(trial.id, "lease"), { rater: this.screen.rater });
    } catch (error) {
      if (error.status === 409 && this.screen.trial === trial) this.screen.expired(error);
    }
  }
}
