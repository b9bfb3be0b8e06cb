/* The answer: a sentence a contrast, where its win rate lies and how sure that is, and what was counted for it. */

const MOST_SHOWN = 6;

class Answer extends Card {
  constructor(page) {
    super(page, { title: "What people prefer", hint: "", id: "answer", files: { table: "contrasts", figure: "contrasts" }, draw: (facts) => this.content(facts) });
    this.node.classList.add("an-answer");
  }

  content({ contrasts, asked }) {
    if (!contrasts.length) return null;
    const isOurs = asked.by === "role" && contrasts.some(({ first, second }) => first === "fusion" && second === "best");
    write(this.heading, isOurs ? "Does fusing beat picking?" : "What people prefer");
    write(this.hint, "Ties and both-bad count half. The line is where the share may lie; at 50 % neither is preferred.");
    const shown = [...contrasts].sort((one, other) => !one.verdict - !other.verdict).slice(0, MOST_SHOWN).map((each, place) => contrastArticle(each, asked.level, place === 0));
    const rest = contrasts.length - shown.length;
    return [el("div", { class: "an-contrasts" }, el("div", { class: "an-contrast an-scale" }, el("span"), axis(SHARE_TICKS)), ...shown),
      rest > 0 ? hint(`${counted(rest, "more contrast")} in the table.`) : null,
      fold(rest > 0 ? `All ${contrasts.length} contrasts as numbers` : "The same as numbers", numbersTable(contrasts, asked.level))];
  }
}

function contrastArticle(each, level, isFirst) {
  const { rate, note, verdict, plan } = each;
  return el("article", { class: `an-contrast ${isFirst ? "is-first" : ""}`, "aria-label": versus(each) },
    el("div", { class: "an-said" },
      el("h3", { class: "an-headline" }, ...headline(each), " ", ...[stateBadge(each)].filter(Boolean)),
      el("p", { class: "an-sure", dir: "auto", text: has(rate) ? sureness(rate, level) : rate?.note || note }),
      ...notes(each.is_preliminary || !has(rate) ? note : "", has(rate) ? verdict?.words : "", each.is_preliminary ? plan?.words : ""),
      byGroups(each)),
    el("div", { class: "an-shown" },
      el("span", { class: "an-shares" }, dotLine(rate, { className: stateOf(each) === STATES.settled ? "is-sure" : "" })),
      outcomeBar(each),
      el("p", { class: "fx-hint", text: `${counted(each.prompts, "prompt")} · ${counted(each.judgements, "judgement")} · ${counted(each.raters, "rater")}${each.skips ? ` · ${plain(each.skips)} skipped` : ""}${has(each.both_bad_share) && each.both_bad ? ` · both bad ${percent(each.both_bad_share.value)}` : ""}` })));
}

/* For whom: the largest groups of each kind in a line; a group under the floor says nothing yet. */
function byGroups({ groups }) {
  const told = Object.entries(GROUPINGS).map(([kind, name]) => {
    const known = (groups?.[kind] || []).filter(({ rate, judgements }) => has(rate) && judgements >= FLOOR).sort((one, other) => other.judgements - one.judgements).slice(0, 3);
    return known.length > 1 ? el("span", {}, el("b", { text: name }), " ", ...known.flatMap(({ name: own, rate }, place) => [place ? ", " : "", foreign(clipped(own, 32)), `: ${whole(rate.value)}`])) : null;
  }).filter(Boolean);
  return told.length ? el("p", { class: "an-whom" }, ...told) : null;
}

function numbersTable(contrasts, level) {
  const heads = ["Contrast", "Win rate", `${whole(level)} interval`, "Wins", "Ties", "Losses", "Both bad", "Skips", "Prompts", "Items", "Judgements", "Raters", "Of decisive votes", "Sign test p", "Holm p", "Length-adjusted, a diagnostic"];
  return el("div", { class: "an-stack" }, table("Contrasts as numbers", heads, contrasts.map((each) => {
    const { rate, votes, adjusted } = each;
    return [foreign(versus(each)), has(rate) ? percent(rate.value) : "–", range(rate, percent), each.wins, each.ties, each.losses, each.both_bad, each.skips ?? "–", each.prompts, each.units, each.judgements, each.raters,
      has(asEstimate(votes)) ? `${percent(asEstimate(votes).value)} (${range(asEstimate(votes), percent)})` : "–", tiny(each.sign_p), tiny(each.holm_p), has(adjusted) ? `${percent(adjusted.value)} (${range(adjusted, percent)})` : "–"];
  }), { className: "is-numeric" }), ...notes(contrasts.map(({ note }) => note)), hint("Of decisive votes: Wilson’s interval, for these votes as they are. Holm’s p holds the sign test against all contrasts."));
}
