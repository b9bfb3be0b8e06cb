/* The same prompts compared, and the same contrast in groups. */

const MOST_ROWS = 12; // rows of a chart that is read at a glance

class Paired extends Card {
  constructor(page) {
    super(page, { title: "On the same prompts", hint: "Paired by prompt: the share for the first less the share for the second, from −1 to 1. Zero is a draw.", id: "paired", files: { table: "contrasts" }, draw: (facts) => this.content(facts) });
  }

  content({ contrasts, asked }) {
    const known = contrasts.filter(({ difference }) => has(difference));
    if (!known.length) return contrasts.length ? notes(contrasts.map(({ difference }) => difference?.note || "")) : null;
    const span = reach(known.map(({ difference }) => difference), { most: 1 });
    return [lined("Paired differences", ["Contrast", "Difference", `${whole(asked.level)} interval`, "Prompts"], known.slice(0, MOST_ROWS).map((each) => [foreign(versus(each)), el("strong", { text: signed(each.difference.value) }), range(each.difference, signed), each.prompts, dotLine(each.difference, span)]), ticksOf(span, (tick) => (tick === 0 ? "0" : signed(tick, 1)), 4), span, { className: "is-numeric" }),
      known.length > MOST_ROWS ? hint(`${counted(known.length - MOST_ROWS, "more contrast")} in the file.`) : null,
      ...notes(known.map(({ difference }) => difference.note))];
  }
}

class Groups extends Card {
  constructor(page) {
    super(page, { title: "For whom", hint: "The same contrast by member, language, tag and length of the prompt. Small groups have wide lines: differences between them may be chance.", id: "groups", files: { table: "contrasts" }, draw: (facts) => this.content(facts) });
    this.chosen = "";
  }

  content(facts) {
    const { contrasts } = facts;
    const known = contrasts.filter(({ groups }) => groups && Object.values(groups).some((rows) => rows.length));
    if (!known.length) return null;
    const names = known.map((each) => [versus(each), JSON.stringify([each.first, each.second])]);
    if (!names.some(([, key]) => key === this.chosen)) this.chosen = names[0][1];
    const each = known[names.findIndex(([, key]) => key === this.chosen)];
    const turn = known.length > 1 ? field("Contrast", select(names, this.chosen, (key) => {
      this.chosen = key;
      this.give(facts);
      this.body.querySelector("select").focus();
    })) : hint(versus(each));
    const panels = Object.entries(GROUPINGS).filter(([kind]) => each.groups[kind]?.length).map(([kind, name]) => groupPanel(name, each, each.groups[kind]));
    return [el("div", { class: "an-turn" }, turn), el("div", { class: "an-panels is-wide" }, ...panels)];
  }
}

function groupPanel(name, { first, second }, groups) {
  const inOrder = [...groups].sort((one, other) => other.judgements - one.judgements);
  const rows = inOrder.slice(0, MOST_ROWS).map((each) => [foreign(clipped(each.name, 60)), el("strong", { text: has(each.rate) ? whole(each.rate.value) : "–" }), plain(each.judgements), dotLine(each.rate, {})]);
  const more = groups.length - rows.length;
  return el("div", { class: "an-panel" }, el("h3", { class: "lab-h3", text: name }),
    lined(`${shortName(first)} vs ${shortName(second)} by ${name.toLowerCase()}`, [name, "Won", "n"], rows, [[0, "0"], [0.5, "50 %"], [1, "100"]], {}, { className: "is-numeric is-small" }),
    more > 0 ? hint(`And ${counted(more, "smaller group")}, in the file.`) : null, ...notes(groups.map(({ rate }) => rate?.note || "")).slice(0, 2));
}
