/* The questions behind a replay: which ones eat the draws, which are near ties, where the mode is wrong. Paged, so that
   hundreds stay smooth. */

const PAGE = 25;
const NEAR_TIE = 0.1; // a lead this small takes hundreds of draws to tell from a tie
const EATER = 2; // times the mean number of draws

const COLUMNS = [
  { key: "name", words: "Question", of: (row) => row.at },
  { key: "draws", words: "Draws", of: (row) => row.draws, tell: (row) => plain(row.draws) },
  { key: "share", words: "Share of all draws", of: (row) => row.share, tell: (row) => bar(row.share, row.most) },
  { key: "lead", words: "Lead in the limit", of: (row) => row.lead, tell: (row) => percent(row.lead) },
  { key: "gold_lead", words: "Lead of gold", of: (row) => row.gold_lead, tell: (row) => percent(row.gold_lead) },
  { key: "blank", words: "Blank", of: (row) => row.blank, tell: (row) => percent(row.blank) },
  { key: "accuracy", words: "Accuracy", of: (row) => row.accuracy, tell: (row) => percent(row.accuracy) },
];
const FILTERS = {
  all: () => true,
  tie: (row) => row.isNearTie,
  eater: (row) => row.isEater,
  wrong: (row) => row.isWrong,
};

class QuestionTable {
  constructor(lab) {
    this.lab = lab;
    Object.assign(this, { sorted: "draws", isDown: true, page: 0, filter: "all", rows: [] });
    this.rule = el("select", { class: "fx-input", change: () => this.reckon() });
    this.search = el("input", { class: "fx-input", type: "search", autocomplete: "off", input: () => this.turn({ page: 0 }) });
    this.filters = new Choices("Which questions", [["All", "all"], ["Near ties", "tie"], ["Budget eaters", "eater"], ["Mode is wrong", "wrong"]], "all", (filter) => this.turn({ filter, page: 0 }), { isQuiet: true });
    this.told = el("p", { class: "lab-told" });
    this.heads = COLUMNS.map((column) => el("th", { scope: "col" }, el("button", { type: "button", class: "lab-sort", click: () => this.sort(column) }, column.words)));
    this.tbody = el("tbody");
    this.count = el("span", { class: "fx-hint", role: "status" });
    this.back = button("Previous", null, () => this.turn({ page: this.page - 1 }));
    this.next = button("Next", null, () => this.turn({ page: this.page + 1 }));
    const body = el("table", { class: "lab-table is-numeric lab-questions" }, el("caption", { class: "fx-sr", text: "Questions of the replay" }), el("thead", {}, el("tr", {}, ...this.heads, el("th", { scope: "col", text: "Marks" }))), this.tbody);
    this.node = el("div", { class: "lab-by-question" }, el("h3", { class: "lab-h3", text: "Question by question" }), this.told,
      el("div", { class: "lab-settings" }, field("Under the rule", this.rule), field("Find", this.search), this.filters.node),
      el("div", { class: "lab-scroll", tabindex: "0", role: "region", "aria-label": "Questions of the replay" }, body),
      el("div", { class: "lab-pager" }, this.back, this.next, this.count),
      el("p", { class: "fx-hint", text: `Near tie: the most frequent answer leads the next by less than ${percent(NEAR_TIE, 0)} of all draws. Budget eater: more than ${EATER} times the mean number of draws. Choose a question to see its draws.` }));
  }

  show(result) {
    this.result = result;
    const chosen = Math.max(0, result.rows.findIndex(({ rule, threshold }) => rule === "bayes" && threshold === 30));
    this.rule.replaceChildren(...result.rows.map((row, place) => el("option", { value: String(place), text: ruleName(row), selected: place === chosen })));
    this.reckon();
  }

  reckon() {
    const place = Number(this.rule.value);
    const questions = this.result.by_question;
    const total = questions.reduce((sum, question) => sum + question.draws[place], 0);
    const most = Math.max(...questions.map((question) => question.draws[place])) / total;
    this.rows = questions.map((question, at) => {
      const draws = question.draws[place];
      return { at, name: question.name, text: question.text, draws, share: draws / total, most, lead: question.lead, gold_lead: question.gold_lead, blank: question.blank, accuracy: question.accuracy[place],
        isNearTie: question.lead < NEAR_TIE, isEater: draws > (EATER * total) / questions.length, isWrong: question.gold_lead !== null && question.gold_lead <= TIE };
    });
    this.tell();
    this.turn({ page: 0 });
  }

  tell() {
    const falling = this.rows.map(({ share }) => share).sort((one, other) => other - one);
    let half = 0;
    for (let sum = 0; half < falling.length && sum < 0.5 - 1e-9; half++) sum += falling[half];
    const close = this.rows.filter((row) => row.isNearTie).length;
    write(this.told, `${half} of ${counted(this.rows.length, "question")} ${half === 1 ? "takes" : "take"} half of all draws; ${close} ${close === 1 ? "is a near tie" : "are near ties"}.`);
  }

  sort({ key }) {
    this.turn({ sorted: key, isDown: this.sorted === key ? !this.isDown : key !== "name" && key !== "lead", page: 0 });
  }

  turn(changes) {
    Object.assign(this, changes);
    const wanted = this.search.value.trim().toLowerCase();
    const { of } = COLUMNS.find(({ key }) => key === this.sorted);
    const value = (row) => of(row) ?? -Infinity;
    const found = this.rows.filter((row) => FILTERS[this.filter](row) && (!wanted || `${row.name} ${row.text}`.toLowerCase().includes(wanted)))
      .sort((one, other) => (value(one) - value(other)) * (this.isDown ? -1 : 1) || one.at - other.at);
    this.page = Math.max(0, Math.min(this.page, Math.ceil(found.length / PAGE) - 1));
    const from = this.page * PAGE;
    const shown = found.slice(from, from + PAGE);
    this.tbody.replaceChildren(...shown.map((row) => this.row(row)));
    COLUMNS.forEach(({ key }, place) => key === this.sorted ? this.heads[place].setAttribute("aria-sort", this.isDown ? "descending" : "ascending") : this.heads[place].removeAttribute("aria-sort"));
    write(this.count, found.length ? `${from + 1} to ${from + shown.length} of ${plain(found.length)}` : "No question is like that.");
    this.back.disabled = from === 0;
    this.next.disabled = from + PAGE >= found.length;
  }

  row(row) {
    const open = el("button", { type: "button", class: "lab-open", title: row.text, click: () => this.lab.openQuestion(row.name) }, foreign(called(row)));
    const text = row.text && called(row) === row.name ? el("span", { class: "lab-asked", dir: "auto", text: clipped(row.text, 160) }) : null;
    const marks = [row.isNearTie && badge("warn", null, "near tie"), row.isEater && badge("best", null, "budget eater"), row.isWrong && badge("plain", "cross", "mode is wrong")].filter(Boolean);
    return el("tr", {}, el("th", { scope: "row" }, open, text), ...COLUMNS.slice(1).map(({ tell }) => el("td", {}, tell(row))), el("td", { class: "lab-marks" }, ...marks));
  }
}

/* A share as a bar with its number. */
function bar(share, most) {
  const filled = el("i");
  filled.style.inlineSize = `${(100 * share) / (most || 1)}%`;
  return el("span", { class: "lab-share" }, el("span", { class: "lab-share-bar", "aria-hidden": "true" }, filled), percent(share));
}
