/* Model judges beside people: how often they are right, against how often a person is, and what changes their minds. */

class Judges extends Card {
  constructor(page) {
    super(page, { title: "Judges against people", hint: "Model judges never count among people; here they are compared with them.", id: "judges", files: { table: "judges" }, draw: ({ judges, asked }) => (judges.length ? judges.map((each) => judgePart(each, asked.level)) : null) });
  }
}

const CLASS_WORDS = { first: "First", tie: "Tie", second: "Second", unreadable: "Unreadable" };

function judgePart(each, level) {
  const { judge, items, unique, accuracy, accuracy_decisive: decisive, kappa, kappa_decisive: kappaDecisive, votes, ceiling, flips, first_place: firstPlace, unreadable, confusion, note } = each;
  const lines = [["Right, against the majority of people", asEstimate(accuracy)], ["Right, where people decided", asEstimate(decisive)], ["Equal to one person’s vote", asEstimate(votes)], ["A person against the others: the ceiling", asEstimate(ceiling)]];
  const rows = lines.filter(([, estimate]) => has(estimate)).map(([words, estimate]) => [words, el("strong", { text: whole(estimate.value) }), range(estimate), plain(estimate.n), dotLine(estimate, { middle: shareIn(ceiling).share })]);
  const told = (estimate) => (has(estimate) ? `${decimals(estimate.value)} (${range(estimate, decimals)})` : "–");
  return el("article", { class: "an-judge", "aria-label": judge },
    el("h3", { class: "lab-h3" }, foreign(judge.replace(/^judge: /, ""))),
    hint(`${counted(items, "item")} judged; on ${plain(unique)} people have one majority.`),
    el("div", { class: "an-halves" },
      el("div", { class: "an-stack" }, rows.length ? lined(`${judge} against people`, ["Of the judge", "Share", `${whole(level)} interval`, "n"], rows, SHARE_TICKS.filter((_, place) => place % 2 === 0), {}, { className: "is-numeric is-small" }) : null),
      el("div", { class: "an-stack" }, el("h4", { class: "an-h4", text: "People down, the judge across" }), confusionTable(judge, confusion),
        facts([["Cohen’s kappa", told(kappa)], ["Kappa where decided", told(kappaDecisive)], ["Changes its mind when the order is turned", ofMany(flips)], ["Chooses the first place", ofMany(firstPlace)], ["Unreadable", counted(unreadable, "answer")]]))),
    ...notes(note, kappa?.note));
}

function confusionTable(judge, confusion) {
  const classes = Object.keys(CLASS_WORDS).slice(0, confusion[0]?.length || 0);
  const most = Math.max(1, ...confusion.flat());
  return table(`Confusion of ${judge}`, ["People", ...classes.map((name) => CLASS_WORDS[name])], confusion.map((row, place) => [CLASS_WORDS[classes[place]], ...row.map((number, column) => {
    const node = el("span", { class: `an-met ${place === column ? "is-up" : "is-down"}` }, el("strong", { text: plain(number) }));
    node.style.setProperty("--part", `${Math.round((100 * number) / most)}%`);
    return node;
  })]), { className: "an-matrix is-small" });
}
