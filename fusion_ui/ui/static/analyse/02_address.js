/* What is asked stands in the address under the names the endpoint reads, so that a link shows the same page. */

const LISTS = ["study", "language", "tag", "length", "rater"];
const SINGLES = { by: "role", open: "0", level: "0.95", width: "0.05", seed: "0" };

class Address {
  constructor() {
    this.read();
  }

  read() {
    const asked = new URL(location.href).searchParams;
    for (const name of LISTS) this[name] = asked.getAll(name).filter(Boolean);
    for (const [name, usual] of Object.entries(SINGLES)) this[name] = asked.get(name) || usual;
    this.leave_out = asked.has("leave_out") ? asked.getAll("leave_out").filter(Boolean) : null; // null: as usual
  }

  get isUsual() {
    return !this.pairs().length;
  }

  /* Only what differs from the usual. */
  pairs() {
    const lists = LISTS.flatMap((name) => this[name].map((value) => [name, value]));
    const singles = Object.entries(SINGLES).filter(([name, usual]) => this[name] !== usual).map(([name]) => [name, this[name]]);
    const rules = this.leave_out && (this.leave_out.length ? this.leave_out : [""]).map((rule) => ["leave_out", rule]);
    return [...lists, ...singles, ...(rules || [])];
  }

  query(more = []) {
    const text = new URLSearchParams([...this.pairs(), ...more]).toString();
    return text ? `?${text}` : "";
  }

  /* A step that Back undoes; nothing where nothing changes. */
  set(changes) {
    const before = this.query();
    Object.assign(this, changes);
    if (this.query() === before) return false;
    const address = new URL(location.href);
    address.hash = "";
    const kept = [...address.searchParams].filter(([name]) => name.startsWith("_"));
    address.search = new URLSearchParams([...kept, ...this.pairs()]);
    window.history.pushState(window.history.state, "", address);
    return true;
  }
}

const USUAL = { ...Object.fromEntries(LISTS.map((name) => [name, []])), ...SINGLES, leave_out: null };
