/* The items: how many judgements each has, what they say, and those worth a look. */

const UNITS_AT_ONCE = 25;
const UNIT_KINDS = [
  ["All", "all", () => true],
  ["Still open", "open", ({ done, wanted }) => done < wanted],
  ["Contested", "contested", ({ is_contested }) => is_contested],
  ["Skipped", "skipped", ({ skips }) => skips > 0],
  ["Names its author", "leaks", ({ leaks }) => leaks > 0],
  ["Known answer", "known", ({ gold, phase }) => gold !== null || phase === "training"],
  ["Identical", "identical", ({ is_identical }) => is_identical],
];

class Units {
  constructor(board) {
    this.board = board;
    this.units = [];
    this.most = UNITS_AT_ONCE;
    Object.assign(this, section("Items", "Every prompt with what is compared on it.", "items"));
    this.kinds = new Choices("Which items", UNIT_KINDS.map(([words, key]) => [words, key]), "all", (kind) => this.pick(kind), { isQuiet: true });
    this.rows = new Rows("Items", ["Prompt", "Compares", "Judgements", "Verdicts", "Signs"], "st-units");
    this.said = el("p", { class: "fx-hint", role: "status" });
    this.more = button("Show more", null, () => {
      this.most += 4 * UNITS_AT_ONCE;
      this.lay();
    });
    this.body.append(this.kinds.node, this.said, this.rows.node, el("div", { class: "st-row" }, this.more));
  }

  pick(kind) {
    this.most = UNITS_AT_ONCE;
    this.board.page.note({ show: kind === "all" ? null : kind });
    this.lay();
  }

  draw({ units }) {
    this.units = units;
    for (const [, key, isOne] of UNIT_KINDS) if (key !== "all") this.kinds.offer(key, units.some(isOne));
    this.lay();
  }

  lay() {
    const [, kind, isOne] = UNIT_KINDS.find(([, key]) => key === this.board.page.place.show) || UNIT_KINDS[0];
    this.kinds.set(kind);
    this.kinds.offer(kind, true);
    const chosen = this.units.filter(isOne);
    const shown = chosen.slice(0, this.most);
    write(this.said, shown.length < chosen.length ? `The first ${plain(shown.length)} of ${counted(chosen.length, "item")}.` : chosen.length ? "" : "No such item.");
    show(this.rows.node, shown.length);
    show(this.more, shown.length < chosen.length);
    this.rows.draw(shown, ({ place }) => place, (row) => this.cells(row), ({ is_identical }) => (is_identical ? "is-closed" : null));
  }

  cells({ place, prompt, roles, phase, gold, is_identical: isSame, done, wanted, skips, verdicts, leaks, is_contested: isContested }) {
    return [
      placeLink(prompt || "(empty prompt)", { study: this.board.id, unit: String(place) }, this.board.page.go, { "data-act": "open" }),
      contrastName(roles),
      isSame ? "shown to nobody" : doneOf(done, wanted, `Judgements of item ${place + 1}`),
      isSame ? "–" : distribution(verdicts),
      chips(isSame && ["plain", "identical answers"], phase === "training" && ["lead", "training"], phase !== "training" && gold !== null && ["lead", "check"], isContested && ["warn", "contested", "warn"], leaks && ["warn", "names its author", "warn"], skips && ["plain", `${plain(skips)} skipped`]),
    ];
  }
}
