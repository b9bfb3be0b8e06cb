/* The head of a case: what was asked, what is known of the run, who disagrees with whom, and the way to the next one. */

class CaseHead {
  constructor(caseView) {
    this.caseView = caseView;
    const { screen } = caseView;
    const go = (by) => () => caseView.stepCase(by);
    this.back = stepTo("", () => caseView.back(), { class: "fx-btn fx-quiet case-back" }, icon("before"), el("span", { text: "All cases" }), caseView.cap("case-back"));
    this.previous = this.stepper("case-previous", "Previous case", "before", go("previous"));
    this.next = this.stepper("case-next", "Next case", "next", go("next"));
    this.place = el("span", { class: "case-place" });
    this.steps = el("nav", { class: "case-steps", "aria-label": "Cases within these filters" }, this.previous, this.place, this.next);
    this.title = el("h2", { class: "fx-h case-title", tabindex: "-1" });
    this.prompt = el("p", { class: "fx-asked", dir: "auto", tabindex: "0", role: "group", "aria-label": "Prompt" });
    this.reference = el("p", { class: "case-reference", hidden: true });
    this.facts = el("p", { class: "case-facts" });
    this.badges = el("span", { class: "fx-badges" });
    this.notices = el("div", { class: "fx-notices" });
    this.verdict = el("p", { class: "case-verdict", hidden: true });
    this.tools = el("div", { class: "case-tools", role: "group", "aria-label": "What to do with this case" });
    this.bar = el("div", { class: "case-bar" }, this.back, this.steps);
    this.node = el("section", { class: "fx-card case-head", "aria-label": "The case" },
      el("header", {}, this.title, this.badges), this.prompt, this.reference, this.facts, this.notices, this.verdict, this.tools);
    this.href = () => screen.address.href({ run: null, tab: null, first: null, second: null, level: null, candidate: null });
  }

  stepper(binding, label, name, click) {
    const node = button(label, name, click, { class: "fx-btn case-step", title: label, disabled: true });
    node.append(this.caseView.cap(binding));
    return node;
  }

  give(case_) {
    const { run, versions } = case_;
    this.back.href = this.href();
    write(this.title, `Case ${run.id.slice(-8)}`);
    this.title.title = run.id;
    write(this.prompt, run.prompt);
    if (run.lang) this.prompt.lang = run.lang;
    show(this.reference, run.reference);
    this.reference.replaceChildren(el("span", { text: "Reference " }), foreign(run.reference || "", "fx-key"));
    this.drawBadges(run);
    const seconds = run.elapsed_ms === null ? null : `${plain(run.elapsed_ms / 1000)} s`;
    const price = run.cost_of && run.cost_of.length ? `${run.cost} (${run.cost_of.join(", ")})` : run.cost;
    write(this.facts, [moment(run.started_at), run.progress, price, run.tokens, seconds, versions && versions.app && `version ${versions.app}`].filter(Boolean).join(" · "));
    this.drawNotices(run);
  }

  drawBadges(run) {
    const { screen } = this.caseView;
    this.badges.replaceChildren(...[
      run.state === "live" && badge("live", "pen", "Under way"),
      run.scripted && badge("demo", null, "Scripted demo"),
      run.origin === "recorded" && badge("plain", null, "Recorded answers"),
      run.lang && badge("plain", null, foreign(run.lang)),
      ...(run.tags || []).map((tag) => badge("plain", null, foreign(tag))),
      run.parent && stepTo(screen.address.href({ run: run.parent, candidate: null, first: null, second: null }), () => this.caseView.goTo(run.parent), { class: "fx-chip fx-chip-plain" }, "Made from an earlier run"),
    ].filter(Boolean));
  }

  drawNotices(run) {
    const words = [run.interrupted, run.causes].filter(Boolean);
    this.notices.replaceChildren(...words.map((each) => el("p", { class: "fx-warning" }, icon("warn"), el("span", { text: each }))));
  }

  /* Who says what; null where that is not known. */
  giveParties(told) {
    const parts = told ? caseVerdict(told, this.caseView) : [];
    const isAgreed = Boolean(told) && !told.disagree.length;
    show(this.verdict, parts.length);
    this.verdict.replaceChildren(...(parts.length ? [icon(isAgreed ? "check" : "warn"), el("span", { dir: "auto" }, ...parts)] : []));
    this.verdict.classList.toggle("is-agreed", isAgreed);
  }

  /* Where this case stands among those that the filters let through; null takes the way away. */
  giveNeighbours(found) {
    this.previous.disabled = !found || !found.previous;
    this.next.disabled = !found || !found.next;
    write(this.place, !found ? "" : found.place ? `${plain(found.place)} of ${plain(found.matching)}` : `not among the ${plain(found.matching)} found`);
  }
}

/* Who says what, in one line. Those that say the same stand together; with fewer than two known there is nothing to tell. */
function caseVerdict({ parties, disagree }, caseView) {
  const known = Object.keys(PARTIES).filter((name) => parties[name]);
  if (known.length < 2) return [];
  const { people, gold } = parties;
  const saying = known.filter((name) => !["people", "gold"].includes(name) && parties[name].answer !== null);
  const silent = known.filter((name) => name === "judge" && !saying.includes(name));
  const answers = [...new Set(saying.map((name) => parties[name].answer))];
  const clauses = [
    people && ["the people prefer ", caseWhose(people, caseView), ...(people.answer === null ? [] : [" (", foreign(people.answer, "fx-key"), ")"])],
    ...silent.map((name) => ["the Best-of-N pick is ", caseWhose(parties[name], caseView)]),
    ...answers.map((answer) => caseSayers(saying.filter((name) => parties[name].answer === answer), answer, { parties, caseView })),
    gold && ["the reference is ", foreign(gold.answer ?? "", "fx-key")],
  ].filter(Boolean);
  const opening = disagree.length ? [] : ["All agree: "];
  return [...opening, ...clauses.flatMap((parts, at) => (at ? ["; ", ...parts] : opening.length ? parts : [capital(parts[0]), ...parts.slice(1)])), "."];
}

function caseSayers(names, answer, { parties, caseView }) {
  const said = names.map((name) => (name === "judge" ? ["the pick (", caseWhose(parties.judge, caseView), ")"] : [`the ${name}`]));
  const joined = said.flatMap((parts, at) => [...(at === 0 ? [] : [at === said.length - 1 ? " and " : ", "]), ...parts]);
  return [...joined, names.length > 1 ? " say " : " says ", foreign(answer, "fx-key")];
}

function caseWhose({ position }, caseView) {
  return position ? el("span", {}, "candidate ", caseView.pointer(position)) : "the fusion";
}
