/* What to do next: how many more judgements a wanted width takes and of what, whether one may stop, and which to ask. */

const ADDS = { prompts: "add prompts", raters: "add people", votes: "collect more votes", nothing: "nothing more is needed" };
const MOST_NEXT = 10;
const PARTS = { prompts: "fx-c1", raters: "fx-c4", votes: "fx-c7" };

class Next extends Card {
  constructor(page) {
    super(page, { title: "What next", hint: "How many more judgements it takes, what to add, and which items tell most.", id: "next", files: { table: "next" }, draw: (facts) => this.content(facts) });
    this.go = () => {
      const width = Number(this.width.value) / 100;
      if (this.width.checkValidity() && width > 0) page.go({ width: String(Number(width.toFixed(4))) });
    };
    this.width = numberInput(5, { min: 0.5, max: 50, step: 0.5, change: () => this.go() });
    this.wanted = field("Wanted half-width, in points", this.width, "5 points: the interval reaches from 5 below to 5 above.");
  }

  content({ contrasts, next, asked }) {
    const planned = contrasts.filter(({ plan, verdict }) => plan || verdict);
    if (!planned.length && !next.length) return null;
    if (document.activeElement !== this.width) this.width.value = points(asked.width);
    return [this.wanted, el("div", { class: "an-plans" }, ...planned.slice(0, MOST_SHOWN).map((each) => planPart(each, asked))),
      planned.length > MOST_SHOWN ? hint(`${counted(planned.length - MOST_SHOWN, "more contrast")} in the file.`) : null,
      next.length ? nextPart(next) : null];
  }
}

function planPart(each, { width }) {
  const { plan, verdict } = each;
  return el("article", { class: "an-plan", "aria-label": `What next: ${versus(each)}` },
    el("div", { class: "st-spread" }, el("h3", { class: "lab-h3", text: versus(each) }), stateBadge(each) || ""),
    has({ value: plan?.more_judgements }) ? el("p", { class: "an-more" }, el("strong", { text: plain(plan.more_judgements, 0) }), ` more judgements for ± ${points(width)} points${plan.half_width === null ? "" : `, now ± ${points(plan.half_width)}`}${plan.add === "nothing" ? "" : `; ${ADDS[plan.add] || plan.add}`}`) : null,
    ...notes(plan?.words),
    plan?.components ? el("div", { class: "an-stack" }, hint("Where the uncertainty comes from"), wholeBar(Object.entries(PARTS).map(([name, own]) => ({ words: name, share: plan.components[name] ?? 0, hue: own })))) : null,
    plan ? hint(`${plan.is_assumed ? "" : `Design effect ${plain(plan.design_effect, 1)}: so many times the variance of independent votes.`}${plan.votes_for_power ? ` A sign test would need ${counted(plan.votes_for_power, "vote")} for 80 % power.` : ""}`) : null,
    verdict ? el("p", { class: "an-sure", dir: "auto" }, `${verdict.words} `, el("span", { class: "fx-hint", text: `${verdict.evidence === null ? "" : `Evidence ${brief(Number(verdict.evidence.toPrecision(3)))}, settled at ${plain(verdict.bound, 0)}`}${verdict.evidence === null ? "" : ". "}Looking early is allowed.` })) : null);
}

function nextPart(next) {
  const rows = next.slice(0, MOST_NEXT).map(({ prompt, study_id: study, first, second, judgements, why }) => [
    el("span", { class: "an-asked", dir: "auto", text: clipped(prompt || "", 140) || "–" }), foreign(versus({ first, second })), plain(judgements), foreign(why),
    study ? el("a", { class: "lab-open", href: `/rate?study=${encodeURIComponent(study)}`, text: "Judge in this study" }) : "–"]);
  return el("div", { class: "an-stack" }, el("h3", { class: "lab-h3", text: "Items that tell most" }), table("Items to judge next", ["Prompt", "Contrast", "Judged", "Why", "Where"], rows, { className: "an-next" }),
    next.length > MOST_NEXT ? hint(`${counted(next.length - MOST_NEXT, "more item")} in the file.`) : null);
}
