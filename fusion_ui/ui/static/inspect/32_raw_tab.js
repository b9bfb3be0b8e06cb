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
      el("p", { class: "case-raw-head" }, el("span", { class: "fx-hint", text: "To the letter as sent and received. Keys are never stored." }),
        el("a", { class: "fx-btn", href: `${path}/raw`, download: `case-${this.caseView.runId}.json` }, icon("save"), el("span", { text: "All of it as JSON" }))),
      ...this.asked("Asked of the members", told.members),
      table("How each draw was asked", ["Draw", "Model", "Seed", "Further settings"], (told.members?.requests || []).map(({ position, member, model, seed, ...more }) =>
        [el("span", { class: "case-slot" }, this.caseView.pointer(position), foreign(member)), foreign(model), seed === null || seed === undefined ? "none" : String(seed), foreign(caseSettings(more))]), "case-figures"),
      caseFold(`Replies of the members (${answered.length})`, () => answered.map(({ position, member, text, thought }) => this.words(`Candidate ${position}, ${member}`, [thought && `[thinking]\n${thought}`, text].filter(Boolean).join("\n\n")))),
      caseFold(`Judge (${counted((told.judge || []).length, "call")})`, () => (told.judge || []).map((call) => this.call(call)), !(told.judge || []).length),
      ...this.asked("Asked of the fusor", told.fusor),
      ...[["Recipe", told.recipe], ["Versions", told.versions], ["Seeds", told.seeds]].filter(([, each]) => each).map(([name, each]) => caseFold(name, () => [this.words(name, JSON.stringify(each, null, 2))])));
  }

  asked(title, sent) {
    if (!sent || !sent.messages) return [];
    const note = sent.note ? el("p", { class: "fx-hint", text: sent.note }) : "";
    return [caseFold(`${title} (${counted(sent.messages.length, "message")})`, () => [note, ...this.messages(sent.messages), sent.reply ? this.words("Reply", caseText(sent.reply)) : ""])];
  }

  messages(list) {
    return list.map(({ role, content }) => this.words(role, caseText(content)));
  }

  call({ seq, shown, messages, note, reply }) {
    const title = [`Call ${seq}`, shown && shown.length ? `showed ${shown.join(", then ")}` : ""].filter(Boolean).join(": ");
    return caseFold(title, () => [note ? el("p", { class: "fx-hint", text: note }) : "", ...this.messages(messages || []), this.words("reply", caseText(reply ?? ""))]);
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

function caseText(content) {
  return typeof content === "string" ? content : JSON.stringify(content, null, 2);
}

function caseSettings(settings) {
  const told = Object.entries(settings).filter(([, value]) => value !== null && value !== undefined && !(typeof value === "object" && !Object.keys(value).length));
  return told.map(([name, value]) => `${name.replaceAll("_", " ")} ${caseText(value)}`).join(" · ") || "none";
}
