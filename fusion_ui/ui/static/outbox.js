/* What was decided and is not acknowledged yet: kept on this device under its own key, and sent until the server has
   answered. The key stays the same, so that however often it is sent it is stored once. Builds on dom.js. */

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

class Outbox {
  /* `prefix` is what this device calls it; `post(entry)` asks the server. */
  constructor(prefix, post) {
    Object.assign(this, { prefix, post });
    this.wakers = new Set();
    this.hurriedAt = -Infinity;
    window.addEventListener("online", () => this.retryNow());
  }

  /* What an earlier page left behind, the oldest first. */
  kept() {
    return memory.keys(this.prefix).map((key) => memory.get(key)).filter(Boolean).sort((one, other) => one.at - other.at);
  }

  put(what) {
    const entry = { key: newKey(), at: Date.now(), ...what };
    this.keep(entry);
    return entry;
  }

  keep(entry) {
    memory.set(this.prefix + entry.key, entry);
  }

  drop(entry) {
    memory.set(this.prefix + entry.key, null);
  }

  /* The server's acknowledgement, however long it takes; throws only what was refused for good. Whoever has to sign in
     again has lost nothing. */
  async deliver(entry, onTrouble) {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      const began = performance.now();
      try {
        const reply = await this.post(entry);
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
