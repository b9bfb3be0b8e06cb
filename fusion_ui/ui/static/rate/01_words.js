/* How the rating screen speaks: times and verdicts. Builds on dom.js, which is loaded before. */

const RATE = "/api/rate";

function told(seconds) {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/* A stored verdict in words; `strength` 2 is much better. */
function verdictWords(judgement) {
  const { verdict, strength, best, worst, ranking, skip_reason: why } = judgement;
  if (verdict === "skip") return why ? `Skipped: ${why}` : "Skipped";
  if (verdict === "tie") return "Tie";
  if (verdict === "all_bad") return "All bad";
  if (verdict === "ranking" && best && worst) return `Best ${best}, worst ${worst}`;
  if (verdict === "ranking") return ranking && ranking.length ? ranking.map((tied) => tied.join(" = ")).join(" > ") : "Ranked";
  if (verdict === "scores") return "Scored";
  if (!verdict || verdict === "withdrawn") return "Taken back";
  if (verdict === "output") return "Decided";
  return `${verdict} ${strength === 2 ? "much better" : "better"}`;
}
