/* Strength: Bradley-Terry with ties as half a win, Davidson beside it under its own name, and who met whom. */

const MODELS = {
  bradley_terry: { words: "Bradley-Terry", hint: "Ties count half. 400 points are odds of ten to one." },
  davidson: { words: "Davidson", hint: "Ties have a strength of their own, so its scale is stretched: not to be compared with Bradley-Terry’s." },
};

class Strength extends Card {
  constructor(page) {
    super(page, { title: "Strength", hint: "From all pairs at once; ranked by the lower end of the interval.", id: "strength", files: { table: "ladder", figure: "ladder" }, draw: (facts) => this.content(facts) });
    this.model = "bradley_terry";
    this.models = new Choices("Model", Object.entries(MODELS).map(([key, { words }]) => [words, key]), this.model, (key) => {
      this.model = key;
      this.give(this.facts);
    }, { isQuiet: true });
  }

  content(facts) {
    this.facts = facts;
    const { ladders, ladder_note: note, asked } = facts;
    if (!ladders.length) return note ? hint(note) : null;
    for (const key of Object.keys(MODELS)) this.models.offer(key, ladders.some(({ model }) => model === key));
    const chosen = ladders.find(({ model }) => model === this.model) || ladders[0];
    this.models.set(chosen.model);
    const parts = chosen.components.length > 1 ? chosen.components.map((names, place) => [names, chosen.rungs.filter(({ component }) => component === place)]) : [[null, chosen.rungs]];
    const span = reach(chosen.rungs.map(({ score }) => score), { least: 0.3 });
    return [this.models.node, hint(MODELS[chosen.model].hint), ...notes(chosen.note, note),
      ...parts.map(([names, rungs], place) => el("div", { class: "an-stack" }, names ? el("h3", { class: "lab-h3", text: `Compared among themselves ${place + 1}: ${listed(names.map(shortName))}` }) : null, rungTable(`Strength by ${MODELS[chosen.model].words}${names ? `, part ${place + 1}` : ""}`, rungs, span, asked.level))),
      hint(`A weak prior (precision ${plain(chosen.prior, 2)}) keeps who never lost from running away.${chosen.tie_strength === null ? "" : ` Strength of ties ${decimals(chosen.tie_strength)}.`}${chosen.is_strongly_connected ? "" : " Somebody never won or never lost against the rest: such scores rest on the prior and are bounds."}`)];
  }
}

function rungTable(caption, rungs, span, level, { isShort = false } = {}) {
  const inOrder = [...rungs].sort((one, other) => one.rank - other.rank);
  const heads = ["System", "Rank", "Ranks it may have", "Points", `${whole(level)} interval`, "Best with", "Won", "Games"];
  const rows = inOrder.map((each) => [el("span", { class: "an-named" }, foreign(shortName(each.system)), each.is_preliminary ? badge("warn", "pen", foreign("preliminary")) : null), each.rank, each.rank_low === each.rank_high ? each.rank_low : `${each.rank_low} to ${each.rank_high}`,
    el("strong", { text: pointWords(each.score.value) }), range(each.score, pointWords), each.best === null ? "–" : percent(each.best, 0), percent(each.win_rate, 0), plain(each.games), dotLine(each.score, span)]);
  if (isShort) return lined(caption, [heads[0], heads[2], heads[3]], rows.map((row) => [row[0], row[2], row[3], row.at(-1)]), pointTicks(span), span, { className: "is-numeric is-small an-leading" });
  return el("div", { class: "an-stack" }, lined(caption, heads, rows, pointTicks(span), span, { className: "is-numeric" }), ...notes(rungs.map(({ score }) => score.note)));
}

class Matchups extends Card {
  constructor(page) {
    super(page, { title: "Who beat whom", hint: "", id: "matrix", files: { table: "matrix", figure: "matrix" }, draw: (facts) => this.content(facts) });
  }

  /* Of many only those that rank first: the rest of who met whom is in the file. */
  content({ matrix, ladders }) {
    const size = matrix.systems.length;
    if (size < 3) return null;
    const isDense = size > MOST_WORDY;
    write(this.hint, `The share that the row won against the column, ties half${isDense ? ", in per cent; wins – ties – losses under the pointer and in the file" : "; below it wins – ties – losses"}.`);
    const number = ladders[0]?.rungs.length || size;
    return [isDense ? denseTable(matrix) : matchTable(matrix), number > size ? hint(`The first ${size} of ${number} by rank. All are in the file.`) : null];
  }
}

const MOST_WORDY = 8; // systems whose cells have room for counts

function tinted(node, rate) {
  node.style.setProperty("--part", `${Math.round(Math.min(1, Math.abs(rate - 0.5) * 4) * 100)}%`);
  return node;
}

function matchTable({ systems, wins, ties, losses, rates }) {
  const cell = (row, column) => {
    const games = wins[row][column] + ties[row][column] + losses[row][column];
    if (row === column || !games) return el("span", { class: "an-met is-none" }, row === column ? "" : "never met");
    const rate = rates[row][column];
    return tinted(el("span", { class: `an-met ${rate >= 0.5 ? "is-up" : "is-down"}` }, el("strong", { text: whole(rate) }), el("span", { text: `${wins[row][column]} – ${ties[row][column]} – ${losses[row][column]}` })), rate);
  };
  return table("Win matrix", ["Row against column", ...systems.map(shortName)], systems.map((name, row) => [foreign(shortName(name)), ...systems.map((_, column) => cell(row, column))]), { className: "an-matrix" });
}

/* Columns have the numbers of the rows; who never met is left blank. */
function denseTable({ systems, wins, ties, losses, rates }) {
  const cell = (row, column) => {
    const counts = [wins, ties, losses].map((told) => told[row][column]);
    if (row === column || !counts.some(Boolean)) return "";
    const rate = rates[row][column];
    const words = `${shortName(systems[row])} against ${shortName(systems[column])}: ${whole(rate)}, ${counts.join(" – ")}`;
    return tinted(el("span", { class: `an-met ${rate >= 0.5 ? "is-up" : "is-down"}`, title: words }, plain(100 * rate, 0)), rate);
  };
  return table("Win matrix", ["Row against column", ...systems.map((_, place) => String(place + 1))], systems.map((name, row) => [el("span", { class: "an-placed" }, foreign(clipped(shortName(name), 40)), el("span", { class: "fx-hint", text: String(row + 1) })), ...systems.map((_, column) => cell(row, column))]), { className: "an-matrix is-dense" });
}
