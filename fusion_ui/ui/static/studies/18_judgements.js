/* One person's judgements, or all of one item with its texts: over the board, with an address of its own. */

class Judgements {
  constructor(board) {
    this.board = board;
  }

  get path() {
    const { rater, unit } = this.asked;
    return `${STUDIES}/${encodeURIComponent(this.board.id)}/judgements?${new URLSearchParams(rater === null ? { unit } : { rater })}`;
  }

  async open({ rater, unit }) {
    if (this.sheet && sameJson(this.asked, { rater, unit })) return;
    this.leave();
    this.asked = { rater, unit };
    const sheet = new Sheet(rater === null ? `Item ${Number(unit) + 1}` : `Judgements of ${rater}`, { left: () => this.left(sheet) });
    this.sheet = sheet;
    this.head = el("div", { class: "st-group" });
    this.list = el("ol", { class: "st-judgements" });
    sheet.body.append(this.head, this.list);
    sheet.open(this.board.page.root);
    await this.fill(sheet);
  }

  async fill(sheet) {
    try {
      const told = await get(this.path);
      if (this.sheet !== sheet) return;
      if (told.unit) this.head.replaceChildren(...this.unit(told.unit));
      else this.person();
      this.list.replaceChildren(...told.judgements.map((each) => this.judgement(each)));
      if (!told.judgements.length) this.head.append(el("p", { class: "fx-hint", text: "No judgement yet." }));
    } catch (error) {
      sheet.tell(error.message);
    }
  }

  /* Closed by its owner: the address follows. Closed because the address changed: it already did. */
  left(sheet) {
    if (this.sheet !== sheet) return;
    this.sheet = null;
    this.board.page.note({ rater: null, unit: null });
  }

  leave() {
    const sheet = this.sheet;
    this.sheet = null;
    if (sheet) sheet.close();
  }

  person() {
    const row = this.board.facts.raters.find(({ name }) => name === this.asked.rater);
    if (!row) return;
    const { name, is_excluded: isOut, excluded } = row;
    this.head.replaceChildren(
      facts([["Judged", `${plain(row.done)} of ${plain(row.mine)}`], ["Pace", seconds(row.median_seconds)], ["Too fast", outOf(row.fast)], ["Agrees with oneself", outOf(row.repeats)], ["Checks right", outOf(row.gold)], ["Skipped", plain(row.skips)]]),
      isOut ? el("p", { class: "fx-warning" }, icon("cross"), el("span", { text: `Left out: ${excluded?.reason || ""}` })) : "",
      el("div", {}, button(isOut ? "Count again" : "Leave out", isOut ? "redo" : "cross", () => this.exclude(`all judgements of ${name}`, { rater: name }, isOut))));
  }

  unit({ roles, prompt, prompt_html: html, reference_html: reference, gold, contenders }) {
    return [
      el("div", { class: "st-prompt" }, rendered("Prompt", html, prompt)),
      reference ? disclosure("Reference answer", rendered("Reference answer", reference, "")) : "",
      el("details", { class: "fx-fold", open: true }, el("summary", { text: `The outputs: ${contrastName(roles)}` }), el("div", { class: "st-answers" }, ...contenders.map((each) => this.contender(each, gold)))),
    ];
  }

  contender({ role, member, html, text, phrases }, gold) {
    return el("article", { class: `st-answer ${roleHue(role)}`, "aria-label": roleName(role) },
      el("h3", {}, foreign(roleName(role)), member ? foreign(member, "fx-hint") : null, gold === role ? badge("lead", "check", foreign("right answer")) : null),
      phrases.length ? el("p", { class: "fx-doubt" }, icon("warn"), el("span", { text: `Names its author: ${phrases.map((phrase) => `“${phrase}”`).join(", ")}` })) : null,
      rendered(`Text of ${roleName(role)}`, html, text));
  }

  judgement(each) {
    const { trial_id: trial, rater, kind, prompt, roles, unit_place: unit, saved_at: saved, revision, is_excluded: isOut, excluded } = each;
    const isOfRater = this.asked.rater !== null;
    const who = isOfRater ? placeLink(clipped(prompt, 90), { study: this.board.id, unit: String(unit) }, this.board.page.go) : placeLink(rater, { study: this.board.id, rater }, this.board.page.go);
    const away = kind === "training" ? null : button(isOut ? "Count again" : "Leave out", isOut ? "redo" : "cross", () => this.exclude(`this judgement of ${rater}`, { trial_id: trial }, isOut), { class: "fx-btn fx-quiet", "aria-label": `${isOut ? "Count again" : "Leave out"}: judgement of ${rater} on ${clipped(prompt, 40)}` });
    return el("li", { class: isOut ? "is-out" : null },
      el("div", { class: "st-spread" }, who, el("span", { class: "st-row" }, el("span", { class: "fx-hint", text: `${seconds(each.seconds)} · ${moment(saved)}${revision > 1 ? ` · revision ${revision}` : ""}` }), away)),
      el("p", { class: "st-verdict" }, el("strong", {}, foreign(verdictWords(each))), this.signs(each)),
      el("p", { class: "fx-hint", text: `Shown as ${each.shown.map((role, place) => `${"ABCDEF"[place] || place + 1} ${roleName(role)}`).join(", ")}${isOfRater && roles.length > 1 ? ` · ${contrastName(roles)}` : ""}` }),
      ...detailsOf(each),
      isOut ? el("p", { class: "fx-doubt" }, icon("cross"), el("span", { text: `Left out: ${excluded?.reason || ""}` })) : null);
  }

  signs({ kind, is_too_fast: isFast, is_after_reveal: isLate, is_right: isRight, agrees }) {
    return chips(PHASES[kind] && ["plain", PHASES[kind]], isRight === true && ["ok", "right", "check"], isRight === false && ["warn", "wrong", "cross"], agrees === true && ["ok", "same as before", "check"], agrees === false && ["warn", "unlike before", "warn"], isFast && ["warn", "too fast", "clock"], isLate && ["plain", "after reveal"]);
  }

  exclude(what, target, isExcluded) {
    const sheet = this.sheet;
    this.board.exclude({ what, target, isExcluded }, () => this.fill(sheet));
  }
}

function verdictWords({ verdict, strength, ranking, best, worst, scores }) {
  if (verdict === "ranking" && ranking) return ranking.map((places) => places.map(roleName).join(" = ")).join(" > ");
  if (best && worst) return `Best ${roleName(best)}, worst ${roleName(worst)}`;
  if (verdict === "scores" && scores) return Object.entries(scores).map(([role, given]) => `${roleName(role)} ${Object.values(given).join("/")}`).join(" · ");
  if (VERDICTS[verdict]) return VERDICTS[verdict];
  return `${roleName(verdict)}${["", " slightly", " much"][strength] || ""} better`;
}

function detailsOf({ scores, reasons, confidence, needs_lookup: isOpen, note, skip_reason: skip, flaws }) {
  const told = [
    ...Object.entries(scores || {}).map(([role, given]) => [`Scores of ${roleName(role)}`, Object.entries(given).map(([key, value]) => `${key} ${value}`).join(", ")]),
    ...Object.entries(reasons || {}).filter(([, words]) => words.length).map(([role, words]) => [`Why, ${roleName(role)}`, words.join(", ")]),
    ["Confidence", confidence || null], ["Needs a lookup", isOpen ? "a claim was not checked" : null], ["Skipped because", skip || null],
    ["Note", note ? el("span", { class: "st-noted", dir: "auto", text: note }) : null],
    ...(flaws || []).map(({ role, quote, category, severity, note: words }) => [`Error in ${roleName(role)}`, `${category}, ${severity}${quote ? `: “${quote}”` : ", whole answer"}${words ? ` (${words})` : ""}`]),
  ].filter(([, value]) => value !== null);
  return told.length ? [facts(told)] : [];
}
