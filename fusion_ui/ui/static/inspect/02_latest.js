/* Questions of which only the last one counts. */

/* Only the reply to the last question counts: an older one that comes late gives null. */
class Latest {
  constructor() {
    this.turn = 0;
  }

  async ask(path) {
    const turn = ++this.turn;
    if (this.controller) this.controller.abort();
    this.controller = new AbortController();
    try {
      const reply = await ask(API + path, { signal: this.controller.signal });
      return turn === this.turn ? reply : null;
    } catch (error) {
      if (turn !== this.turn) return null;
      throw error;
    }
  }

  leave() {
    this.turn += 1;
    if (this.controller) this.controller.abort();
  }
}
