/* What the tabs that people work in share: sections, places in texts, and the name under which a person works. */

function tabSection(title, ...children) {
  return el("section", { class: "ct-section", "aria-label": title }, el("h3", { class: "ct-h3", text: title }), ...children);
}

function tabNotice(words, ...actions) {
  return el("p", { role: "alert" }, icon("warn"), el("span", { text: words, dir: "auto" }), ...actions);
}

/* A passage lit within what stands around it: so much of the text on both sides, cut at the edge of a line if one is near. */
function tabPassage(text, span, around = 160) {
  const characters = Array.from(text);
  const { start, end } = trimmed(...span, characters) || { start: span[0], end: span[1] };
  const from = tabEdge(characters, start, -1, around);
  const until = tabEdge(characters, end, 1, around);
  const part = (first, last) => characters.slice(first, last).join("");
  return el("p", { class: "ct-passage", dir: "auto" }, part(0, from).trim() ? "… " : null, part(from, start),
    el("mark", { class: "ct-lit", text: part(start, end) }), part(end, until), part(until, characters.length).trim() ? " …" : null);
}

function tabEdge(characters, at, step, most) {
  let edge = at;
  for (let walked = 0; walked < most; walked += 1) {
    const next = step < 0 ? edge - 1 : edge;
    if (next < 0 || next >= characters.length || characters[next] === "\n") break;
    edge += step;
  }
  return edge;
}

/* A button to a candidate, and to a passage of it where one is meant. */
function tabPointer(caseView, position, span) {
  return caseView.pointer(position, () => (span ? caseView.candidates.light(position, { start: span[0], end: span[1] }) : caseView.focus(position)));
}

/* Who says so: the logged-in person, else the name typed on this device; asked for once, before the first thing is stored. */
class TabPerson {
  constructor(caseView) {
    this.caseView = caseView;
    this.mine = "";
  }

  get name() {
    return this.mine || memory.get("fx-rater") || "";
  }

  /* The name, or "" if the person would not say one. Where people log in, the server knows it. */
  async asked() {
    if (!this.name) this.mine = await this.caseView.call("/flaws").then(({ mine }) => mine, () => "");
    return this.name || (await new NameSheet().ask(this.caseView.node)) || "";
  }
}
