/* What the page's address remembers: which answers are chosen, the settings, and the reports that are open.
   Only what differs from the defaults is written; names may hold anything, so each stands in a parameter of its own. */

const WRITE_MS = 400;
const DEFAULTS = {
  rules: "bayes:5,bayes:10,bayes:30,bayes:100,bayes:300,asc:0.95,certificate:0.05,fixed:1,fixed:3,fixed:5,fixed:10,fixed:30,fixed:100",
  trials: "100", cap: "100", seed: "0", mix: "uniform", folds: "5", repeats: "5", question: "", draw: "0", stop: "bayes", at: "10",
};

const weightText = ([member, share]) => `${member}:${Number(share.toFixed(6))}`;

function weightsIn(pairs) {
  const shares = {};
  for (const pair of pairs) {
    const cut = pair.lastIndexOf(":");
    const share = Number(pair.slice(cut + 1));
    if (cut > 0 && share >= 0) shares[pair.slice(0, cut)] = share;
  }
  return Object.keys(shares).length ? shares : null;
}

class Address {
  constructor() {
    const asked = new URL(location.href).searchParams;
    this.isFresh = !["from", "runs", "report"].some((name) => asked.has(name));
    this.recordings = asked.getAll("from");
    this.runs = asked.get("runs") === "1";
    this.members = asked.has("member") ? asked.getAll("member") : null;
    this.weights = weightsIn(asked.getAll("w"));
    this.reports = asked.getAll("report");
    for (const [name, usual] of Object.entries(DEFAULTS)) this[name] = asked.get(name) || usual;
  }

  get selection() {
    return { recordings: [...this.recordings], runs: this.runs, members: this.members };
  }

  /* Written at once; while changes come fast, a few times a second: browsers refuse more than about 100 in 30 seconds. */
  set(changes) {
    Object.assign(this, changes);
    if (this.waiting) return;
    const wait = Math.max(0, (this.written || 0) + WRITE_MS - performance.now());
    if (wait) this.waiting = setTimeout(() => this.write(), wait);
    else this.write();
  }

  write() {
    this.waiting = 0;
    this.written = performance.now();
    const address = new URL(location.href);
    for (const name of ["from", "runs", "member", "w", "report", ...Object.keys(DEFAULTS)]) address.searchParams.delete(name);
    for (const id of this.recordings) address.searchParams.append("from", id);
    if (this.runs) address.searchParams.set("runs", "1");
    for (const member of this.members || []) address.searchParams.append("member", member);
    for (const pair of Object.entries(this.weights || {})) address.searchParams.append("w", weightText(pair));
    for (const [name, usual] of Object.entries(DEFAULTS)) if (this[name] !== usual) address.searchParams.set(name, this[name]);
    for (const id of this.reports) address.searchParams.append("report", id);
    if (address.href !== location.href) window.history.replaceState(window.history.state, "", address);
  }
}
