/* Who judges: how far, how fast, how sure of oneself, and whether what they say counts. */

class Raters {
  constructor(board) {
    this.board = board;
    Object.assign(this, section("People", "Pace is the median of active seconds; repeats tell whether somebody agrees with oneself.", "people"));
    this.rows = new Rows("People", ["Name", "Judged", "Pace", "Too fast", "Repeats", "Checks", "Skipped", "Last", "Counts"], "st-people");
    this.empty = el("p", { class: "fx-hint", text: "Nobody has judged yet. Send the link above." });
    this.body.append(this.empty, this.rows.node);
  }

  draw({ raters }) {
    show(this.empty, !raters.length);
    show(this.rows.node, raters.length);
    this.rows.draw(raters, ({ name }) => name, (row) => this.cells(row), ({ is_excluded }) => (is_excluded ? "is-out" : null));
  }

  cells(row) {
    const { name, done, mine, is_open: isOpen, median_seconds: pace, fast, repeats, gold, training, skips, last_at: last, is_excluded: isOut, excluded, after_reveal: late } = row;
    const checks = [gold.of ? `${outOf(gold)} right` : "", training.of ? `training ${outOf(training)}` : ""].filter(Boolean).join(", ");
    const away = button(isOut ? "Count again" : "Leave out", isOut ? "redo" : "cross", () => this.board.exclude({ what: `all judgements of ${name}`, target: { rater: name }, isExcluded: isOut }), { "data-act": "exclude", "aria-label": `${isOut ? "Count again" : "Leave out"}: ${name}` });
    return [
      el("span", { class: "st-title" }, placeLink(name, { study: this.board.id, rater: name }, this.board.page.go, { "data-act": "open" }), isOpen ? badge("live", null, foreign("judging now")) : null),
      doneOf(done, mine, `Judged by ${name}`), seconds(pace),
      warned(outOf(fast), fast.of >= 5 && fast.n / fast.of >= 0.2), warned(outOf(repeats), repeats.of >= 3 && repeats.agreed / repeats.of < 0.6), warned(checks || "–", gold.of >= 3 && gold.right / gold.of < 0.7),
      plain(skips), last ? el("time", { datetime: last, text: moment(last) }) : "–",
      el("span", { class: "st-counting" }, isOut ? badge("warn", "cross", foreign(`left out: ${clipped(excluded?.reason || "", 80)}`)) : null, late ? badge("plain", null, foreign(`${plain(late)} after reveal`)) : null, away),
    ];
  }
}

/* A figure that asks for a second look, told by a sign and not by colour alone. */
function warned(words, isOdd) {
  return isOdd ? el("span", { class: "st-odd" }, icon("warn"), el("span", { text: words }), el("span", { class: "fx-sr", text: " (look closer)" })) : words;
}
