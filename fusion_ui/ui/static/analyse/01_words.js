/* What systems, rules and intervals are called. Builds on dom.js and on words and parts of the Lab and of Studies. */

const ANALYSE = "/api/analyse";
const FLOOR = 20; // judgements under which a group is not named in a sentence
const WORDS = {
  fusion: { name: "Fused answers", inside: "fused answers", short: "Fused", verb: "were" },
  best: { name: "The Best-of-N pick", inside: "the Best-of-N pick", short: "Best-of-N", verb: "was" },
  vote: { name: "The vote’s answer", inside: "the vote’s answer", short: "Vote", verb: "was" },
  single: { name: "A single sample", inside: "a single sample", short: "Single", verb: "was" },
  candidate: { name: "A candidate", inside: "a candidate", short: "Candidate", verb: "was" },
};
const BASES = {
  "prompts and raters": "allowing for other prompts and raters",
  prompts: "allowing for other prompts",
  raters: "allowing for other raters",
  units: "allowing for other items",
  "these votes only": "describes these judgements only",
};
const GROUPINGS = { member: "Member", language: "Language", tag: "Tag", length: "Prompt length" };
const STATES = {
  preliminary: { words: "preliminary", kind: "warn", sign: "pen" },
  settled: { words: "settled", kind: "ok", sign: "check" },
  even: { words: "settled: as good as even", kind: "ok", sign: "check" },
  open: { words: "open", kind: "warn", sign: "clock" },
  among: { words: "settled among these people only", kind: "warn", sign: "clock" },
};
const SWITCHED = ["too_fast", "after_reveal", "failed_gold", "excluded", "leaks"]; // rules that may be switched off
const KINDS_OF_SOURCE = { study: "Study", compare: "Compare", imported: "Imported" };

/* Names of members are somebody else’s words and stay as they are. */
const wordsOf = (system) => WORDS[system] || { name: system, inside: system, short: system, verb: "was" };
const shortName = (system) => wordsOf(system).short;
const versus = ({ first, second }) => `${shortName(first)} vs ${shortName(second)}`;
const whole = (share) => percent(share, 0).replace(" ", "\u00a0"); // a line never begins with “%”
const points = (share) => `${plain(100 * share, 1)}`;
const signed = (number, digits = 2) => `${Number(number.toFixed(digits)) < 0 ? "−" : "+"}${Math.abs(number).toFixed(digits)}`;
const decimals = (number) => (Number(number.toFixed(2)) || 0).toFixed(2).replace("-", "−"); // never “−0.00”
const has = (estimate) => !!estimate && estimate.value !== null && estimate.value !== undefined;
const hasRange = (estimate) => has(estimate) && estimate.low !== null && estimate.low !== undefined && estimate.high !== null && estimate.high !== undefined;
const tiny = (p) => (p === null || p === undefined ? "–" : p < 0.001 ? "under 0.001" : p.toFixed(3));

function range(estimate, told = whole) {
  return hasRange(estimate) ? `${told(estimate.low)} to ${told(estimate.high)}` : "no interval";
}

/* “95 % interval 54 % to 68 %, allowing for other prompts and raters”, or why there is none. */
function sureness(estimate, level, told = whole) {
  if (!hasRange(estimate)) return estimate?.note || "No interval can be told.";
  return `${whole(level)} interval ${range(estimate, told)}, ${BASES[estimate.basis] || estimate.basis}`;
}

/* So many of so many, which travels as a list. */
function shareIn([hits, of, share, low, high]) {
  return { hits, of, share, low, high };
}

/* A share as an estimate, so that it is drawn and told in the same way. */
function asEstimate(told) {
  const { of, share, low, high } = shareIn(told);
  return { value: share, low, high, n: of, basis: "these votes only", note: of ? "" : "Nothing was counted here." };
}

function ofMany(told) {
  const { of, share } = shareIn(told);
  return of ? `${whole(share)} of ${plain(of)}` : "–";
}

/* The share of the second of a contrast, from that of the first. */
function turned(rate) {
  const other = (share) => (share === null || share === undefined ? null : 1 - share);
  return { ...rate, value: 1 - rate.value, low: other(rate.high), high: other(rate.low) };
}

/* Who was preferred and how often; null while the interval holds one half, for then neither is shown to be. */
function preferred({ first, second, rate }) {
  const isOpen = hasRange(rate) && rate.low <= 0.5 && rate.high >= 0.5;
  if (!has(rate) || isOpen || rate.value === 0.5) return null;
  return rate.value > 0.5 ? { winner: first, loser: second, rate } : { winner: second, loser: first, rate: turned(rate) };
}

/* How far a contrast is: a floor first, then what the sequential test says; of many contrasts not all are tested. That
   test is about other prompts: where other people may see it differently, it says so. */
function stateOf(contrast) {
  const { is_preliminary: isPreliminary, verdict } = contrast;
  if (!isPreliminary && verdict?.state === "settled" && !preferred(contrast)) return STATES.among;
  return STATES[isPreliminary ? "preliminary" : verdict?.state];
}

function stateBadge(contrast) {
  const state = stateOf(contrast);
  return state ? badge(state.kind, state.sign, foreign(state.words)) : null;
}

/* The sentence of a contrast, as nodes: names that are known do not break, others may. */
function headline(contrast) {
  const called = (system, words) => foreign(words, WORDS[system] ? "an-unbroken" : null);
  const inside = (system) => called(system, wordsOf(system).inside);
  const { first, second, rate } = contrast;
  if (!has(rate)) return [called(first, wordsOf(first).name), " against ", inside(second), ": not enough to tell"];
  const told = preferred(contrast);
  if (!told) return ["Neither ", inside(first), " nor ", inside(second), " is shown to be preferred"];
  const { name, verb } = wordsOf(told.winner);
  return [called(told.winner, name), ` ${verb} preferred to `, inside(told.loser), ` in ${whole(told.rate.value)} of judgements`];
}

/* A bound that is not one half does not read as if it were. */
const offHalf = (share) => (share !== 0.5 && Math.round(100 * share) === 50 ? percent(share).replace(" ", "\u00a0") : whole(share));

/* How sure the sentence is: of whoever it names, and of the first where it names nobody. */
function surenessOf(contrast, level) {
  const { first, rate, note } = contrast;
  if (!has(rate)) return rate?.note || note;
  const told = preferred(contrast);
  if (told) return sureness(told.rate, level, offHalf);
  const { name, verb } = wordsOf(first);
  return `${name} ${verb} preferred in ${whole(rate.value)} of judgements. ${sureness(rate, level, offHalf)}`;
}
