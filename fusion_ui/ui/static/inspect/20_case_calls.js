/* Questions about one case. What is answered after the case was left never comes back to who asked, so that two cases
   cannot mix; the texts of outputs are asked for a few at a time, those that came into sight last first. */

const CASE_TEXTS_AT_ONCE = 5; // a browser allows six connections a host

class CaseCallError extends Error {
  constructor(words, status) {
    super(words);
    this.status = status;
  }
}

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
  async ask(path, body) {
    return caseRead(await this.reached(this.path + path, body));
  }

  /* Below /api/inspect. */
  async askBeside(path) {
    return caseRead(await this.reached(API + path));
  }

  async askText(path) {
    return (await this.reached(this.path + path)).text;
  }

  async reached(address, body) {
    const how = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    let told;
    try {
      const reply = await fetch(address, { ...how, signal: this.controller.signal });
      told = { status: reply.status, isOk: reply.ok, text: await reply.text() };
    } catch {
      await this.unlessLeft();
      throw new CaseCallError("The server could not be reached.", 0);
    }
    await this.unlessLeft();
    if (!told.isOk) throw new CaseCallError(caseRefusal(told), told.status);
    return told;
  }

  /* Nobody waits for a case that was left: what stood after the question does not happen. */
  unlessLeft() {
    return this.isLeft ? new Promise(() => {}) : null;
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

function caseRead({ text }) {
  try {
    return JSON.parse(text);
  } catch {
    throw new CaseCallError("The server’s answer could not be read.", 0);
  }
}

function caseRefusal({ status, text }) {
  try {
    return JSON.parse(text).error || `The server answered with error ${status}.`;
  } catch {
    return `The server answered with error ${status}.`;
  }
}
