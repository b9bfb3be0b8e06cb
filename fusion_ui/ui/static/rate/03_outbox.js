/* What was decided and is not acknowledged yet: kept on this device under its own key, and sent until the server has
   answered. The key stays the same, so that however often it is sent it is stored once. */

const OUTBOX = "fx-rate-out:";
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

class Outbox {
  constructor() {
    this.wakers = new Set();
    this.hurriedAt = -Infinity;
    window.addEventListener("online", () => this.retryNow());
  }

  /* Entries that an earlier page left behind, the oldest first. */
  left(rater) {
    return this.keys().map((key) => memory.get(key)).filter((entry) => entry && entry.rater === rater).sort((one, other) => one.at - other.at);
  }

  keys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(OUTBOX));
    } catch {
      return [];
    }
  }

  put(rater, trial, what, body) {
    const entry = { key: newKey(), rater, trial, what, at: Date.now(), body };
    memory.set(OUTBOX + entry.key, entry);
    return entry;
  }

  drop(entry) {
    memory.set(OUTBOX + entry.key, null);
  }

  /* The server's acknowledgement, however long it takes; throws only what was refused for good. */
  async deliver(entry, onTrouble) {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      const began = performance.now();
      try {
        const reply = await call(trialPath(entry.trial, entry.what), { ...entry.body, rater: entry.rater, key: entry.key });
        this.drop(entry);
        return reply;
      } catch (error) {
        if (!error.isPassing && error.status !== 401) throw error;
        onTrouble(error, wait);
        if (this.hurriedAt < began) await this.pause(wait); // else somebody asked for another try during this one
      }
    }
  }

  pause(ms) {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.wakers.add(wake);
    });
  }

  retryNow() {
    this.hurriedAt = performance.now();
    for (const wake of [...this.wakers]) wake();
  }
}
