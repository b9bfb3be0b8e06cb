/* The answer: a sentence a contrast, where its win rate lies and how sure that is, and what was counted for it. */

const MOST_SHOWN = 6;

class Answer extends Card {
  constructor(page) {
    super(page, { title: "What people prefer", hint: "", id: "answer", files: { table: "contrasts", figure: "contrasts" }, draw: (facts) => this.content(facts) });
    this.node.classList.add("an-answer");
  }

  content({ contrasts, counts, ladders, asked }) {
    if (!contrasts.length) return null;
    const isOurs = asked.by === "role" && contrasts.some(({ first, second }) => first === "fusion" && second === "best");
    write(this.heading, isOurs ? "Does fusing beat picking?" : "What people prefer");
    write(this.hint, "Ties and both-bad count half. The line is where the share may lie; at 50 % neither is preferred.");
    const rest = counts.contrasts - MOST_SHOWN;
    const told = rest > 0 ? [...contrasts].sort((one, other) => other.judgements - one.judgements).slice(0, MOST_SHOWN) : contrasts;
    const leader = rest > 0 && !isOurs ? leadArticle(ladders, asked.level) : null;
    const shown = told.map((each, place) => contrastArticle(each, asked.level, place === 0 && !leader));
    return [el("div", { class: "an-contrasts" }, leader, el("div", { class: "an-contrast an-scale" }, leader ? el("h3", { class: "an-h4", text: "The pairs with the most judgements" }) : el("span"), axis(SHARE_TICKS)), ...shown),
      rest > 0 ? hint(`${counted(rest, "more contrast")} in the table.`) : null, this.numbers(contrasts, counts.contrasts, asked.level)];
  }

  /* Of many contrasts the page has only those that are told in full; all of them come when they are asked for. */
  numbers(contrasts, number, level) {
    if (number <= contrasts.length) return disclosure(number > MOST_SHOWN ? `All ${number} contrasts as numbers` : "The same as numbers", numbersTable(contrasts, level));
    const body = el("div", {}, hint("Being read …", { role: "status" }));
    const read = async () => {
      if (!node.open || body.isAsked) return;
      body.isAsked = true;
      try {
        body.replaceChildren(numbersTable((await get(`${ANALYSE}/analysis.json${this.page.address.query()}`)).contrasts, level));
      } catch (error) {
        body.isAsked = false;
        body.replaceChildren(complaint(error.message));
      }
    };
    const node = el("details", { class: "fx-fold", toggle: read }, el("summary", { text: `All ${plain(number)} contrasts as numbers` }), body);
    return node;
  }
}

const MOST_LEADING = 5;

/* Who stands first of many: nobody reads hundreds of pairs to learn that. */
function leadArticle(ladders, level) {
  const ladder = ladders.find(({ model, components }) => model === "bradley_terry" && components.length === 1);
  if (!ladder) return null;
  const inOrder = [...ladder.rungs].sort((one, other) => one.rank - other.rank);
  const [{ system, rank_low: low, rank_high: high, best, score, is_preliminary: isPreliminary }] = inOrder;
  const leading = inOrder.slice(0, MOST_LEADING);
  const span = reach(leading.map((each) => each.score), { least: 0.3 });
  return el("article", { class: "an-contrast is-first", "aria-label": "Who stands first" },
    el("div", { class: "an-said" },
      el("h3", { class: "an-headline" }, foreign(wordsOf(system).name), ` ${WORDS[system] ? wordsOf(system).verb.replace("was", "stands").replace("were", "stand") : "stands"} first of ${inOrder.length}`, " ", ...[isPreliminary ? badge("warn", "pen", foreign("preliminary")) : null].filter(Boolean)),
      el("p", { class: "an-sure", text: `${low === null ? "" : low === high ? `It keeps rank ${low}` : `It may have any rank from ${low} to ${high}`}${best === null ? "" : `, and is best with ${whole(best)}`}.` }),
      hint("By the lower end of the interval of Bradley-Terry’s score. The whole ladder stands below."), ...notes(score.note)),
    el("div", { class: "an-shown" }, rungTable("The first of the ladder", leading, span, level, { isShort: true })));
}

function contrastArticle(each, level, isFirst) {
  const { first, second, rate, note, verdict, plan } = each;
  const isAmong = stateOf(each) === STATES.among;
  return el("article", { class: `an-contrast ${isFirst ? "is-first" : ""}`, "aria-label": versus(each) },
    el("div", { class: "an-said" },
      el("h3", { class: "an-headline" }, ...headline(each), " ", ...[stateBadge(each)].filter(Boolean)),
      el("p", { class: "an-sure", dir: "auto", text: surenessOf(each, level) }),
      ...notes(each.is_preliminary || !has(rate) ? note : "", has(rate) ? verdict?.words : "", isAmong ? "That holds for other prompts. Among other people it may be otherwise, as the interval says." : "", each.is_preliminary ? plan?.words : ""),
      byGroups(each)),
    el("div", { class: "an-shown" },
      el("span", { class: "an-shares" }, dotLine(rate, { className: stateOf(each) === STATES.settled ? "is-sure" : "" }),
        el("span", { class: "an-ends", "aria-hidden": "true" }, el("span", {}, "←", foreign(shortName(second))), el("span", {}, foreign(shortName(first)), "→"))),
      outcomeBar(each),
      el("p", { class: "fx-hint", text: `${counted(each.prompts, "prompt")} · ${counted(each.judgements, "judgement")} · ${counted(each.raters, "rater")}${each.skips ? ` · ${plain(each.skips)} skipped` : ""}${has(each.both_bad_share) && each.both_bad ? ` · both bad ${percent(each.both_bad_share.value)}` : ""}` })));
}

/* For whom: the largest groups of each kind in a line, told of whom the sentence names; a group under the floor says
   nothing yet. */
function byGroups(contrast) {
  const { groups, second } = contrast;
  const share = (rate) => whole(preferred(contrast)?.winner === second ? 1 - rate.value : rate.value);
  const told = Object.entries(GROUPINGS).map(([kind, name]) => {
    const known = (groups?.[kind] || []).filter(({ rate, judgements }) => has(rate) && judgements >= FLOOR).sort((one, other) => other.judgements - one.judgements).slice(0, 3);
    return known.length > 1 ? el("span", {}, el("b", { text: name }), " ", ...known.flatMap(({ name: own, rate }, place) => [place ? ", " : "", foreign(clipped(own, 32)), `: ${share(rate)}`])) : null;
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
