/* Questions about one case. What is answered after the case was left never comes back to who asked, so that two cases
   cannot mix; the texts of outputs are asked for a few at a time, those that came into sight last first. */

const CASE_TEXTS_AT_ONCE = 5; // a browser allows six connections a host

class CaseCalls {
  constructor(runId) {
    this.runId = runId;
    this.path = `${API}/runs/${encodeURIComponent(runId)}`;
    this.controller = new AbortController();
    this.texts = new Map();
    this.there = new Map();
    this.waiting = [];
    this.asked = 0;
  }

  leave() {
    this.controller.abort();
  }

  get isLeft() {
    return this.controller.signal.aborted;
  }

  /* Below the run's own address; a GET without a body. */
  ask(path, body) {
    return this.unlessLeft(ask(this.path + path, { body, signal: this.controller.signal }));
  }

  /* Below /api/inspect. */
  askBeside(path) {
    return this.unlessLeft(ask(API + path, { signal: this.controller.signal }));
  }

  askText(path) {
    return this.unlessLeft(ask(this.path + path, { signal: this.controller.signal }, "text"));
  }

  /* Nobody waits for a case that was left: what stood after the question does not happen. */
  unlessLeft(asked) {
    return new Promise((resolve, reject) => {
      asked.then((told) => this.isLeft || resolve(told), (error) => this.isLeft || reject(error));
    });
  }

  /* The rendered text of an output, asked for once however many columns show it. */
  text(outputId) {
    if (!this.texts.has(outputId)) {
      const told = new Promise((resolve, reject) => this.waiting.push({ outputId, resolve, reject }));
      told.catch(() => this.texts.delete(outputId));
      this.texts.set(outputId, told);
      this.askNext();
    }
    return this.texts.get(outputId);
  }

  /* The rendered text if it is here already, else null. */
  known(outputId) {
    return this.there.has(outputId) ? this.there.get(outputId) : null;
  }

  async askNext() {
    if (this.asked >= CASE_TEXTS_AT_ONCE || !this.waiting.length) return;
    const { outputId, resolve, reject } = this.waiting.pop();
    this.asked += 1;
    try {
      const { html } = await this.ask(`/outputs/${encodeURIComponent(outputId)}/html`);
      this.there.set(outputId, html);
      resolve(html);
    } catch (error) {
      reject(error);
    } finally {
      this.asked -= 1;
      this.askNext();
    }
  }
}
