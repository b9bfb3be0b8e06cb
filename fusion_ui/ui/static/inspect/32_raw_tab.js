/* What was sent and what came back, to the letter, with seeds and versions. Keys were never stored, so none is here. */

class RawTab {
  static name = "raw";

  static label = "Raw";

  constructor({ caseView }) {
    this.caseView = caseView;
    this.node = el("div", { class: "case-raw" });
  }

  async draw() {
    this.node.replaceChildren(el("p", { class: "fx-hint", text: "Opening …" }));
    try {
      const told = await this.caseView.call("/raw");
      this.lay(told);
    } catch (error) {
      this.node.replaceChildren(el("div", { class: "fx-alert", role: "alert" }, complaint(`The messages could not be opened: ${error.message}`)));
    }
  }

  lay(told) {
    const { candidates } = this.caseView.case;
    const { path } = this.caseView.calls;
    const answered = candidates.filter(({ text }) => text);
    this.node.replaceChildren(
      el("p", { class: "case-raw-head" }, el("span", { class: "fx-hint", text: `As sent and received. ${told.keys}` }),
        el("a", { class: "fx-btn", href: `${path}/raw`, download: `case-${this.caseView.runId}.json` }, icon("save"), el("span", { text: "All of it as JSON" }))),
      ...this.asked("Asked of the members", told.members),
      table("How each draw was asked, and what was told of its reply", ["Draw", "Model", "Seed", "Settings", "Reply"], told.members.requests.map((request) => this.request(request)), { className: "case-figures case-requests" }),
      caseFold(`Replies of the members (${answered.length})`, () => answered.map(({ position, member, text, thought }) => this.words(`Candidate ${position}, ${member}`, [thought && `[thinking]\n${thought}`, text].filter(Boolean).join("\n\n")))),
      caseFold(`Judge (${counted(told.judge.length, "call")})`, () => told.judge.map((call) => this.call(call)), !told.judge.length),
      ...this.asked("Asked of the fusor", told.fusor),
      ...[["Recipe", told.recipe], ["Versions and seed", { ...told.versions, seed: told.seed }]].map(([name, each]) => caseFold(name, () => [this.words(name, JSON.stringify(each, null, 2))])));
  }

  request({ position, member, model, seed, recorded, response, failure, ...settings }) {
    return [el("span", { class: "case-slot" }, this.caseView.pointer(position), foreign(member)), foreign(model), seed === null || seed === undefined ? "none" : String(seed),
      recorded ? "recorded, not asked" : foreign(caseSettings(settings)), foreign(failure || (response ? caseSettings(response) : "none"))];
  }

  asked(title, sent) {
    if (!sent) return [];
    return [caseFold(`${title} (${counted(sent.messages.length, "message")})`, () => [this.note(sent.note), ...this.messages(sent.messages),
      sent.comparison ? this.words("comparison in the reply", sent.comparison) : "", sent.reply ? this.words("reply", sent.reply) : ""])];
  }

  /* What may differ from what was sent, and why. */
  note(words) {
    return words ? el("p", { class: "fx-doubt" }, icon("warn"), el("span", { text: words })) : "";
  }

  messages(list) {
    return list.map(({ role, content }) => this.words(role, content));
  }

  call({ seq, shown, messages, note, reply }) {
    const title = `Call ${seq}: showed ${shown.join(", then ")}`;
    return caseFold(title, () => [this.note(note), ...this.messages(messages), this.words("reply", reply || "No reply was kept.")]);
  }

  words(title, text) {
    const copy = button("Copy", "copy", () => copyText(text, copy), { class: "fx-btn fx-quiet", "aria-label": `Copy: ${title}` });
    return el("section", { class: "case-message", "aria-label": title }, el("header", {}, el("h4", { class: "case-role", text: title }), copy),
      el("pre", { class: "fx-raw", dir: "auto", tabindex: "0", text }));
  }
}

/* What is in a fold is made when it is first opened: a run of 32 judged by pairs has a thousand messages. */
function caseFold(title, make, isHidden = false) {
  const body = el("div", { class: "case-fold-body" });
  return el("details", { class: "fx-fold case-fold", hidden: isHidden, toggle: ({ currentTarget }) => {
    if (currentTarget.open && !body.firstChild) body.append(...make());
  } }, el("summary", { text: title }), body);
}

/* Names and values in a line; fractions of milliseconds are for the file. */
function caseSettings(settings) {
  const said = (value) => (typeof value === "number" ? plain(value, 4) : typeof value === "object" ? JSON.stringify(value) : value);
  const told = Object.entries(settings).filter(([, value]) => value !== null && value !== undefined && !(typeof value === "object" && !Object.keys(value).length));
  return told.map(([name, value]) => `${name.replaceAll("_", " ")} ${said(value)}`).join(" · ") || "none";
}
