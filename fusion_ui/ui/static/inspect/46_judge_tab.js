/* Judge: every pair as it was shown, in both orders beside each other, with the reasons in full; what flipped with the
   order, what could not be read, and who won how often. */

const JUDGE_VERDICTS = {
  agreed: { words: "Both orders agree", kind: "ok", sign: "check" },
  tie: { words: "Tie in both orders", kind: "plain", sign: "swap" },
  flipped: { words: "Flipped with the order", kind: "warn", sign: "swap" },
  unreadable: { words: "A reply could not be read", kind: "warn", sign: "warn" },
  incomplete: { words: "Shown in one order only", kind: "plain", sign: "clock" },
};

class JudgeTab {
  static name = "judge";

  static label = "Judge";

  constructor({ caseView }) {
    this.caseView = caseView;
    this.verdict = "";
    this.candidate = "";
    this.said = el("p", { class: "ct-lead" });
    this.doubts = el("div", { class: "ct-doubts" });
    this.wins = tabSection("Wins of each candidate");
    this.choices = el("div", { class: "ct-row ct-filter" });
    this.count = el("p", { class: "fx-hint", "aria-live": "polite" });
    this.list = el("div", { class: "ct-pairs" });
    this.replies = tabSection("What the judge said", this.choices, this.count, this.list);
    this.node = el("div", { class: "ct-tab" }, this.said, this.doubts, this.wins, this.replies);
  }

  draw({ judge }) {
    if (this.run !== this.caseView.runId) {
      this.run = this.caseView.runId;
      this.verdict = this.candidate = "";
    }
    this.judge = judge;
    write(this.said, judge.words || (judge.asked ? "" : "No judge was asked in this run."));
    this.drawDoubts();
    this.drawWins();
    this.drawChoices();
    this.drawList();
    show(this.replies, judge.pairs.length || judge.scores.length);
  }

  drawDoubts() {
    const { flips, unreadable, failures, left_out: out } = this.judge;
    const told = [
      flips ? ["swap", `${capital(counted(flips, "pair"))} flipped with the order shown: counted as abstentions.`] : null,
      unreadable ? ["warn", unreadable === 1 ? "1 reply could not be read: it counts for nobody." : `${unreadable} replies could not be read: they count for nobody.`] : null,
      ...failures.map(({ cause, message }) => ["warn", `${cause}: ${message}`]),
      out.length ? ["leave", `Never judged: ${out.length === 1 ? "candidate" : "candidates"} ${out.join(", ")}.`] : null,
    ].filter(Boolean);
    this.doubts.replaceChildren(...told.map(([sign, words]) => el("p", { class: "fx-doubt" }, icon(sign), el("span", { text: words, dir: "auto" }))));
  }

  drawWins() {
    const { wins } = this.judge;
    show(this.wins, wins.length);
    if (!wins.length) return;
    const most = Math.max(1, ...wins.map(({ won }) => won));
    const heads = ["Candidate", "Won", "Lost", "Tied", "Flipped", "Undecided", "Won less lost"];
    const rows = wins.map(({ position, won, lost, tied, flipped, undecided, score }) => {
      const bar = el("i", { class: hue(position) });
      bar.style.inlineSize = `${(100 * won) / most}%`;
      return [this.caseView.pointer(position), el("span", { class: "ct-won" }, el("span", { text: String(won) }), el("span", { class: "fx-bar", "aria-hidden": "true" }, bar)), lost, tied, flipped, undecided, score === null ? "–" : plain(score)];
    });
    this.wins.replaceChildren(this.wins.firstChild, table("Wins of each candidate", heads, rows, { className: "ct-wins" }));
  }

  /* ---------- which replies ---------- */

  drawChoices() {
    const { pairs } = this.judge;
    show(this.choices, pairs.length);
    if (!pairs.length) return;
    const tallied = Object.keys(JUDGE_VERDICTS).map((verdict) => [verdict, pairs.filter((pair) => pair.verdict === verdict).length]).filter(([, number]) => number);
    const name = newId();
    const radio = (verdict, words) => {
      const input = el("input", { type: "radio", name, value: verdict, change: () => this.choose({ verdict }) });
      input.checked = this.verdict === verdict;
      return el("label", {}, input, el("span", { text: words }));
    };
    const positions = [...new Set(pairs.flatMap(({ low, high }) => [low, high]))].sort((one, other) => one - other);
    this.choices.replaceChildren(
      el("fieldset", { class: "ct-plain" }, el("legend", { class: "fx-sr", text: "Which pairs" }), el("div", { class: "fx-segments" }, radio("", `All ${pairs.length}`), ...tallied.map(([verdict, number]) => radio(verdict, `${JUDGE_VERDICTS[verdict].words} ${number}`)))),
      select([["With any candidate", ""], ...positions.map((position) => [`With candidate ${position}`, String(position)])], this.candidate, (candidate) => this.choose({ candidate }), { "aria-label": "Pairs with" }));
  }

  choose(changes) {
    Object.assign(this, changes);
    this.drawList();
  }

  drawList() {
    const { pairs, scores } = this.judge;
    const isWanted = ({ verdict, low, high }) => (!this.verdict || verdict === this.verdict) && (!this.candidate || [low, high].includes(Number(this.candidate)));
    const wanted = pairs.filter(isWanted);
    show(this.count, pairs.length);
    write(this.count, wanted.length === pairs.length ? capital(counted(pairs.length, "pair")) : `${wanted.length} of ${counted(pairs.length, "pair")}`);
    this.list.replaceChildren(...wanted.map((pair) => this.pair(pair)), ...scores.map((reply) => this.scored(reply)));
  }

  /* ---------- one pair ---------- */

  pair({ low, high, verdict, winner, replies }) {
    const { words, kind, sign } = JUDGE_VERDICTS[verdict] || JUDGE_VERDICTS.incomplete;
    return el("article", { class: `ct-pair is-${verdict}`, "aria-label": `Candidates ${low} and ${high}: ${words}` },
      el("header", { class: "ct-pair-head" }, el("h4", { class: "ct-h4" }, this.caseView.pointer(low), " and ", this.caseView.pointer(high)),
        badge(kind, sign, words), winner === null ? null : el("span", { class: "ct-winner" }, icon("crown"), el("span", { text: `Candidate ${winner} wins` }))),
      el("div", { class: "ct-orders" }, ...replies.map((reply) => this.reply(reply))));
  }

  reply(reply) {
    const { shown, winner, is_readable: isReadable, reason } = reply;
    const said = !isReadable ? badge("warn", "warn", "Unreadable") : winner === null ? badge("plain", "swap", "Tie") : badge("ok", "check", `Prefers candidate ${winner}`);
    return el("section", { class: "ct-order", "aria-label": `Shown in the order ${shown.join(", ")}` },
      el("p", { class: "ct-who" }, el("span", { class: "fx-hint", text: "Shown: " }), ...shown.flatMap((position, at) => [at ? " then " : "", el("b", { class: `fx-av ${hue(position)}`, text: String(position) })]), said),
      this.reason(reply, isReadable ? reason || "No reason was given." : "What it replied:"), isReadable ? null : el("pre", { class: "fx-raw ct-raw", dir: "auto", tabindex: "0", text: reply.reply }), this.whole(reply));
  }

  reason({ is_readable: isReadable }, words) {
    return el("p", { class: isReadable ? "ct-reason" : "fx-hint", dir: "auto", text: words });
  }

  /* The whole reply and what was thought before it, where there is more than the reason. */
  whole({ reply, reason, thought, is_readable: isReadable }) {
    const parts = [
      isReadable && reply && reply.trim() !== reason ? el("pre", { class: "fx-raw ct-raw", dir: "auto", tabindex: "0", text: reply }) : null,
      thought ? el("pre", { class: "fx-raw ct-raw", dir: "auto", tabindex: "0", text: thought }) : null,
    ].filter(Boolean);
    return parts.length ? disclosure(thought ? "Whole reply and what was thought" : "Whole reply", ...parts) : null;
  }

  scored(reply) {
    const { shown, score, is_readable: isReadable, reason } = reply;
    return el("article", { class: "ct-pair", "aria-label": `Candidate ${shown[0]}` },
      el("header", { class: "ct-pair-head" }, el("h4", { class: "ct-h4" }, this.caseView.pointer(shown[0])), isReadable ? badge("ok", "check", `${plain(score)} of 10`) : badge("warn", "warn", "Unreadable: no score")),
      this.reason(reply, isReadable ? reason || "No reason was given." : "What it replied:"), isReadable ? null : el("pre", { class: "fx-raw ct-raw", dir: "auto", tabindex: "0", text: reply.reply }), this.whole(reply));
  }
}
