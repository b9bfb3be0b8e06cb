/* What the page shows stands in its address: a case and its tab, or the list or the patterns; and the filters, which
   stay for all of them. Whatever is not a place is a filter; names that begin with "_" belong to others. */

const API = "/api/inspect";
const PLACES = ["run", "tab", "view", "page", "source", "first", "second", "level", "candidate"];
const NO_PLACE = Object.fromEntries(PLACES.map((name) => [name, null]));
const USUAL_SORT = "newest";

class Address {
  constructor() {
    this.read();
  }

  read() {
    const asked = new URL(location.href).searchParams;
    this.place = Object.fromEntries(PLACES.map((name) => [name, asked.get(name)]));
    if (!/^[1-9]\d{0,8}$/.test(this.place.page)) this.place.page = null;
    this.sort = asked.get("sort") || USUAL_SORT;
    this.filters = [...asked].filter(([name, value]) => name !== "sort" && !PLACES.includes(name) && !name.startsWith("_") && value !== "");
  }

  values(name) {
    return this.filters.filter(([each]) => each === name).map(([, value]) => value);
  }

  value(name) {
    return this.values(name)[0] || "";
  }

  has(name, value) {
    return this.filters.some(([each, one]) => each === name && one === value);
  }

  /* The filters with one more, or without it where it is there. */
  toggled(name, value) {
    return this.has(name, value) ? this.filters.filter(([each, one]) => each !== name || one !== value) : [...this.filters, [name, value]];
  }

  /* The filters with this one only by its name; an empty value takes it away. */
  replaced(name, value) {
    const place = this.filters.findIndex(([each]) => each === name);
    const rest = this.filters.filter(([each]) => each !== name);
    if (value !== "") rest.splice(place < 0 ? rest.length : place, 0, [name, value]);
    return rest;
  }

  /* What the server is asked: the filters and how they are sorted. `more` are further parameters. A set of runs is
     "ids" in the address, where "run" is the case that is open; the server calls it "run". */
  query(more = {}, filters = this.filters) {
    const asked = new URLSearchParams(filters.map(([name, value]) => [name === "ids" ? "run" : name, value]));
    if (this.sort !== USUAL_SORT) asked.set("sort", this.sort);
    for (const [name, value] of Object.entries(more)) if (value !== null && value !== undefined && value !== "") asked.set(name, value);
    return asked.toString();
  }

  /* The address after these changes: places by name (null takes one away), `filters` and `sort` as a whole. */
  href(changes = {}) {
    const address = new URL(location.href);
    const kept = [...address.searchParams].filter(([name]) => name.startsWith("_"));
    const place = { ...this.place, ...changes };
    const sort = changes.sort || this.sort;
    const named = PLACES.filter((name) => place[name]).map((name) => [name, place[name]]);
    address.search = new URLSearchParams([...kept, ...named, ...(changes.filters || this.filters), ...(sort === USUAL_SORT ? [] : [["sort", sort]])]);
    address.hash = "";
    return address.href;
  }

  /* `isNew`: a step that Back undoes. */
  set(changes, { isNew = true } = {}) {
    const href = this.href(changes);
    if (href !== location.href) window.history[isNew ? "pushState" : "replaceState"](window.history.state, "", href);
    this.read();
  }
}
