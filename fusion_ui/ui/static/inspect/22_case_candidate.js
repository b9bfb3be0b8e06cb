/* One candidate of a case: who said it, what it counts as, how it was scored, why it failed, and its text. */

Object.assign(ICONS, {
  pin: "M9 3h6l-1 7 4 4H6l4-4zM12 14v7",
  leave: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM5.6 5.6l12.8 12.8",
  before: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  send: "M4 12 20 4l-4 16-4-7z",
  swap: "M4 8h14m-4-4 4 4-4 4M20 16H6m4-4-4 4 4 4",
  save: "M12 4v11m-4-4 4 4 4-4M5 20h14",
});

const CASE_STATES = { done: "check", failed: "cross", cancelled: "stop", open: "clock" };

class CaseCandidate {
  constructor(caseView, candidate) {
    Object.assign(this, { caseView, candidate, position: candidate.position });
    const name = `Candidate ${candidate.position}`;
    this.column = candidate.output_id === null ? null : new CaseColumn(caseView, {
      role: "candidate", position: candidate.position, outputId: candidate.output_id, name, text: candidate.text });
    this.badges = el("span", { class: "fx-badges" });
    this.line = el("div", { class: "fx-line" });
    this.pin = this.tool("case-pin", "Pin", "pin", `Pin candidate ${candidate.position}`, () => caseView.candidates.pin(candidate.position), { "aria-pressed": "false" });
    this.out = this.tool("case-leave-out", "Leave out", "leave", `Leave candidate ${candidate.position} out of the next fusion`, () => caseView.candidates.leaveOut(candidate.position), { "aria-pressed": "false" });
    this.node = el("article", { class: "fx-card fx-cand case-cand", tabindex: "-1", "aria-label": `${name} · ${candidate.member}`, "data-position": candidate.position, "data-state": candidate.state },
      el("header", {}, el("h3", { class: "fx-who" }, el("span", { class: `fx-av ${hue(candidate.position)}`, "aria-hidden": "true", text: String(candidate.position) }),
        el("span", { class: "fx-sr", text: `${name} · ` }), foreign(candidate.member, "fx-name")), this.model(), this.badges),
      el("p", { class: "fx-status" }, el("span", { class: "fx-state" }, icon(CASE_STATES[candidate.state]), el("span", { text: candidate.state })), el("span", { class: "fx-spent", text: [candidate.chars ? `${plain(candidate.chars)} chars` : null, ...candidate.facts].filter(Boolean).join(" · ") })),
      this.line, this.trouble(), this.column ? this.column.body : null, this.footer(name));
    if (this.column) this.column.node = this.node;
    this.drawLine();
  }

  model() {
    const { member, model } = this.candidate;
    return model && model !== member ? el("bdi", { class: "fx-model", text: model, title: model }) : null;
  }

  /* A button with its key, which only the card that is looked at shows. */
  tool(binding, words, name, label, click, props) {
    const node = button(words, name, click, { "aria-label": label, title: label, class: "fx-btn fx-quiet case-tool", ...props });
    node.append(this.caseView.cap(binding));
    return node;
  }

  footer(name) {
    if (!this.column) return null;
    const isUsable = this.candidate.state === "done";
    return el("footer", {}, this.pin, isUsable ? this.out : null, textTools(this.column.box, name.toLowerCase()));
  }

  trouble() {
    const { state, failure, position, retry, text } = this.candidate;
    if (failure) {
      const again = retry ? command("Retry the failed draws", "redo", () => this.caseView.actions.retry(), { "aria-label": `Retry candidate ${position} and every other failed draw`, class: "fx-btn" }) : null;
      const arrived = text ? caseFold("What had arrived", () => [el("pre", { class: "fx-raw", dir: "auto", text })]) : "";
      return el("div", { class: "case-trouble" }, trouble(failure, again ? again.node : ""), arrived);
    }
    return state === "cancelled" ? el("div", { class: "case-trouble" }, el("p", { class: "fx-hint", text: "Not needed: sampling had stopped before this draw was finished." })) : null;
  }

  drawLine() {
    const { state, answer, answer_as_sampled: sampled, score, cut, right } = this.candidate;
    const parts = [];
    if (answer !== null) parts.push(el("span", { class: "fx-answer" }, "Answer ", foreign(answer, "fx-key")));
    else if (state === "done") parts.push(el("span", { class: "fx-answer is-none", text: "No answer found" }));
    if (sampled !== answer) parts.push(el("span", { class: "fx-answer case-sampled" }, sampled === null ? "corrected; none was read" : "corrected; read as ", sampled === null ? null : foreign(sampled, "fx-key")));
    if (right) parts.push(badge("ok", "check", "As the reference"));
    if (score) parts.push(el("span", { class: "fx-score", text: score.words }));
    if (cut) parts.push(badge("warn", "warn", cut));
    this.line.replaceChildren(...parts);
    show(this.line, parts.length);
  }

  /* What stands beside the name depends on the whole case and on what is pinned and left out. */
  drawBadges({ isPinned, isLeftOut, isUnread }) {
    const { best: isBest, leads, recorded } = this.candidate;
    this.badges.replaceChildren(...[
      isPinned && badge("plain", "pin", "Pinned"),
      isLeftOut && badge("warn", "leave", "Left out next"),
      isBest && badge("best", "crown", "Best-of-N pick"),
      leads && badge("lead", "vote", leads),
      recorded && badge("plain", null, "Recorded"),
      isUnread && badge("plain", "leave", "Not shown to the fusor"),
    ].filter(Boolean));
    this.node.classList.toggle("is-best", isBest);
    this.node.classList.toggle("is-pinned", isPinned);
    this.node.classList.toggle("is-left-out", isLeftOut);
    this.pin.setAttribute("aria-pressed", String(isPinned));
    this.out.setAttribute("aria-pressed", String(isLeftOut));
  }
}
