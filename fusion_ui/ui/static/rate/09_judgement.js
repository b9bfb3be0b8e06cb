/* One judgement while it is made: plain values by letter, as the server takes them. */

const NO_VERDICT = { verdict: null, strength: 0, ranking: [], best: null, worst: null, scores: {}, reasons: {}, confidence: null, needs_lookup: false, note: "", skip_reason: null, spans: [] };

class Judgement {
  constructor(said) {
    this.take(said || {});
    this.aids = new Set((said && said.aids) || []);
    this.supersedes = null;
  }

  take(said) {
    for (const [name, empty] of Object.entries(NO_VERDICT)) {
      const value = said[name] === undefined || said[name] === null ? empty : said[name];
      this[name] = structuredClone(value);
    }
    if (["skip", "withdrawn"].includes(this.verdict)) Object.assign(this, { verdict: null, skip_reason: null });
  }

  get values() {
    const said = {};
    for (const name of Object.keys(NO_VERDICT)) said[name] = structuredClone(this[name]);
    return { ...said, note: this.note.trim(), aids: [...this.aids] };
  }

  get isEmpty() {
    const { aids, ...said } = this.values;
    return JSON.stringify(said) === JSON.stringify(NO_VERDICT);
  }
}
