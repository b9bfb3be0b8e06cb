/* Who judged, how fast and how well; sorted by any column. Flags ask for a second look and leave nobody out. */

const FLAGS_AT = 50;
const MOST_BOARDS = 3;
const shareWords = (share) => (share === null || share === undefined ? "–" : whole(share));

const RATER_COLUMNS = [
  { words: "Rater", of: (row) => row.rater.toLowerCase(), isText: true },
  { words: "Judged", of: (row) => row.judgements, tell: (row) => plain(row.judgements) },
  { words: "Pace", of: (row) => row.median_seconds, tell: (row) => seconds(row.median_seconds) },
  { words: "With the others", of: (row) => shareIn(row.others).share, tell: (row) => ofMany(row.others) },
  { words: "Repeats", of: (row) => shareIn(row.repeats).share, tell: (row) => ofMany(row.repeats) },
  { words: "Checks", of: (row) => shareIn(row.gold).share, tell: (row) => ofMany(row.gold) },
  { words: "Left", of: (row) => shareIn(row.left).share, tell: (row) => shareWords(shareIn(row.left).share) },
  { words: "Longer", of: (row) => shareIn(row.longer).share, tell: (row) => shareWords(shareIn(row.longer).share) },
  { words: "Ties", of: (row) => row.ties, tell: (row) => shareWords(row.ties) },
  { words: "Both bad", of: (row) => row.both_bad, tell: (row) => shareWords(row.both_bad) },
  { words: "In a row", of: (row) => row.longest_run, tell: (row) => plain(row.longest_run) },
  { words: "By model", of: (row) => row.expected, tell: (row) => shareWords(row.expected) },
];

class RaterTable extends Card {
  constructor(page) {
    super(page, { title: "Raters", hint: "A flag asks for a second look and leaves nobody out. Leaving somebody out is done on the study’s board, with a reason that stands on record.", id: "raters", files: { table: "raters", figure: "raters" }, draw: (facts) => this.content(facts) });
    Object.assign(this, { by: 1, isDown: true, most: FLAGS_AT });
    this.heads = RATER_COLUMNS.map(({ words }, place) => el("th", { scope: "col" }, el("button", { type: "button", class: "lab-sort", click: () => this.sort(place), text: words })));
    this.rows = el("tbody");
    this.more = button("Show all", null, () => {
      this.most = Infinity;
      this.order();
    });
    this.box = el("div", { class: "lab-scroll", tabindex: "0", role: "region", "aria-label": "Raters, one a row" },
      el("table", { class: "lab-table is-numeric lab-questions an-raters" }, el("caption", { class: "fx-sr", text: "Raters" }), el("thead", {}, el("tr", {}, ...this.heads, el("th", { scope: "col", text: "Look closer" }), el("th", { scope: "col", text: "Judged in" }))), this.rows));
  }

  content(facts) {
    if (!facts.raters.length) return null;
    this.facts = facts;
    this.sources = new Map(facts.sources.map((each) => [each.id, each]));
    this.order();
    return [this.box, this.more, hint("With the others: the vote equals the majority of the other people. In a row: the longest run of the same answer. By model: the chance of the right class as Dawid and Skene’s model sees it. Intervals are in the file. A dash: there was nothing to reckon it from.")];
  }

  sort(place) {
    this.isDown = this.by === place ? !this.isDown : !RATER_COLUMNS[place].isText;
    this.by = place;
    this.order();
  }

  order() {
    const { of, isText } = RATER_COLUMNS[this.by];
    const rows = [...this.facts.raters].sort((one, other) => {
      const [first, second] = [of(one), of(other)];
      if (isText) return (this.isDown ? -1 : 1) * (first < second ? -1 : first > second ? 1 : 0);
      if (first === null || second === null) return (first === null) - (second === null); // unknown stays last
      return (this.isDown ? -1 : 1) * (first - second);
    });
    this.heads.forEach((head, place) => place === this.by ? head.setAttribute("aria-sort", this.isDown ? "descending" : "ascending") : head.removeAttribute("aria-sort"));
    this.rows.replaceChildren(...rows.slice(0, this.most).map((row) => this.row(row)));
    show(this.more, rows.length > this.most);
  }

  row(row) {
    const cells = RATER_COLUMNS.slice(1).map(({ tell }) => el("td", {}, tell(row)));
    const flags = row.flags.map((words) => badge("warn", "warn", foreign(words)));
    return el("tr", {}, el("th", { scope: "row" }, foreign(row.rater)), ...cells, el("td", { class: "an-flags" }, ...flags), el("td", { class: "an-boards" }, el("span", {}, ...this.boards(row))));
  }

  /* Where this person judged, and how much; a study's judgements can be read and left out there. */
  boards({ rater, judged_in: places }) {
    const shown = places.slice(0, MOST_BOARDS).map(({ source: id, judgements }) => {
      const { title, kind } = this.sources.get(id);
      const words = [foreign(clipped(title, 20)), places.length > 1 ? ` ${plain(judgements)}` : ""];
      return kind === "study" ? el("a", { class: "lab-open", href: `/studies?${new URLSearchParams({ study: id, rater })}`, "aria-label": `Judgements of ${rater} in ${title}`, title }, ...words) : el("span", { title }, ...words);
    });
    return places.length > MOST_BOARDS ? [...shown, hint(`and ${places.length - MOST_BOARDS} more, in the file`)] : shown;
  }
}
