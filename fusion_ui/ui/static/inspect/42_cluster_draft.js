/* Corrected answers being worked on: which keys mean the same, and what one output really answers. An override of one
   output comes first, then what its key means. Nothing here is stored; every step can be taken back. */

const CLUSTER_DRAFT = "fx-inspect-groups:";
const clusterSame = (one, other) => JSON.stringify([clusterSorted(one.aliases), clusterSorted(one.answers)]) === JSON.stringify([clusterSorted(other.aliases), clusterSorted(other.answers)]);
const clusterSorted = (pairs) => Object.entries(pairs).sort(([one], [other]) => (one < other ? -1 : 1));

class ClusterDraft {
  /* `seq` is the last edit of the log that this draft starts from. */
  constructor(run, regrouping) {
    this.run = run;
    this.stored = regrouping.body;
    this.seq = regrouping.log[0]?.seq || 0;
    const kept = memory.get(CLUSTER_DRAFT + run);
    this.body = kept ? kept.body : this.stored;
    this.note = kept ? kept.note : "";
    this.key = kept ? kept.key : newKey();
    this.startedFrom = kept ? kept.startedFrom : this.seq;
    this.past = [];
  }

  get isDirty() {
    return !clusterSame(this.body, this.stored);
  }

  /* Somebody else has saved since this draft was begun. */
  get isBehind() {
    return this.startedFrom !== this.seq;
  }

  get isEmpty() {
    return !Object.keys(this.body.aliases).length && !Object.keys(this.body.answers).length;
  }

  keep() {
    memory.set(CLUSTER_DRAFT + this.run, this.isDirty ? { body: this.body, note: this.note, key: this.key, startedFrom: this.startedFrom } : null);
  }

  change(body) {
    this.past.push(this.body);
    this.put(body);
  }

  put(body) {
    this.body = body;
    this.key = newKey();
    this.keep();
  }

  back() {
    if (this.past.length) this.put(this.past.pop());
  }

  reset(body) {
    this.change(body);
  }

  discard() {
    this.past = [];
    this.note = "";
    this.startedFrom = this.seq;
    this.put(this.stored);
  }

  say(note) {
    this.note = note;
    this.key = newKey();
    this.keep();
  }

  /* ---------- what it comes to ---------- */

  meaning(answer) {
    return answer === null ? null : this.body.aliases[answer] ?? answer;
  }

  answerOf({ output_id: output, answer_as_sampled: sampled }) {
    return this.meaning(output in this.body.answers ? this.body.answers[output] : sampled);
  }

  writings(answer) {
    return Object.keys(this.body.aliases).filter((key) => this.body.aliases[key] === answer);
  }

  /* {groups: [{answer, members}], none: [members]}: most votes first, then by the first to say so. */
  groups(candidates) {
    const members = new Map();
    const none = [];
    for (const candidate of candidates) {
      const answer = this.answerOf(candidate);
      if (answer === null) none.push(candidate);
      else members.set(answer, [...(members.get(answer) || []), candidate]);
    }
    const groups = [...members].map(([answer, each]) => ({ answer, members: each })).sort((one, other) => other.members.length - one.members.length);
    return { groups, none };
  }

  /* ---------- steps ---------- */

  /* Two groups are one, under the second's answer. */
  merge(from, into) {
    const to = this.meaning(into);
    if (to === from) return;
    const aliases = { ...this.body.aliases, [from]: to };
    for (const key of this.writings(from)) aliases[key] = to;
    this.change({ aliases, answers: this.pointed(from, to) });
  }

  /* A group goes by another answer; one of its own writings may be chosen, and one that another group has joins that. */
  rename(from, wanted) {
    const to = wanted.trim();
    if (!to || to === from) return;
    if (this.meaning(to) !== from) {
      this.merge(from, to);
      return;
    }
    const aliases = { ...this.body.aliases, [from]: to };
    for (const key of this.writings(from)) aliases[key] = to;
    delete aliases[to];
    this.change({ aliases, answers: this.pointed(from, to) });
  }

  pointed(from, to) {
    return Object.fromEntries(Object.entries(this.body.answers).map(([output, answer]) => [output, answer === from ? to : answer]));
  }

  /* One output answers this; null = it answers nothing. */
  move({ output_id: output, answer_as_sampled: sampled }, answer) {
    const answers = { ...this.body.answers };
    if (this.meaning(sampled) === answer) delete answers[output];
    else answers[output] = answer;
    this.change({ ...this.body, answers });
  }

  /* A group of its own, under what was read in it if that is free. The name it got. */
  split(candidate, taken) {
    const { answer_as_sampled: sampled, position } = candidate;
    const isFree = (name) => name && !taken.includes(name) && !(name in this.body.aliases);
    const base = sampled || "answer";
    const name = [sampled, `${base} (${position})`].find(isFree) || `${base} (${position}, apart)`;
    this.change({ ...this.body, answers: { ...this.body.answers, [candidate.output_id]: name } });
    return name;
  }

  asRead({ output_id: output }) {
    const answers = { ...this.body.answers };
    delete answers[output];
    this.change({ ...this.body, answers });
  }
}
