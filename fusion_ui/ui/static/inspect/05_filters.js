/* Every filter with its name, and its values in words. What the server knows and this list does not is told as it is. */

const WHAT = {
  "fusion-contradicts-vote": "Fusion contradicts the vote", "majority-wrong": "Majority wrong", "nobody-right": "Nobody right", "vote-tied": "Vote tied", "no-vote": "No answers to vote on",
  "judge-flipped": "Judge changed its mind", rated: "Rated", noted: "Has notes", flawed: "Flaws marked", regrouped: "Answers corrected", rerun: "Run again",
};
const LOSSES = { unknown: "No reference", nobody: "Nobody knew", outvoted: "Outvoted", misjudged: "Judge picked wrong", broken: "Fusion broke it", repaired: "Fusion repaired it", kept: "Kept to the end" };
const STOPS = { evidence: "Enough evidence", certificate: "Certified", budget: "Budget used up", cap: "Cap reached", exhausted: "All answers used", user: "Stopped by a person", none: "No rule stopped it" };
const ENDS = { completed: "Completed", stopped: "Stopped", failed: "Failed", interrupted: "Interrupted" };
const ORIGINS = { sampled: "Models", scripted: "Demo", recorded: "Recorded answers" };
const FAILURES = {
  key: "Key refused", quota: "Quota used up", context: "Prompt too long", policy: "Refused by policy", model: "No such model", rate: "Rate limit", timeout: "Timeout", network: "Network", denied: "Access denied",
  request: "Request refused", empty: "Empty answer", malformed: "Unreadable answer", server: "Server error", budget: "Budget used up", cancelled: "Cancelled", interrupted: "Interrupted", unknown: "Unknown",
};

let languageNames = null;
function languageName(code) {
  if (code === "unknown") return "Not known";
  try {
    languageNames = languageNames || new Intl.DisplayNames("en", { type: "language" });
    return languageNames.of(code);
  } catch {
    return code;
  }
}

const from = (words) => (value) => words[value] || value;
const pathWords = (value) => capital(value.split("/").join(": "));

/* `isOpen`: shown unfolded from the start. */
const CHOICES = [
  { name: "disagree", label: "Who disagrees", told: disagreement, isOpen: true },
  { name: "is", label: "What happened", told: from(WHAT), isOpen: true },
  { name: "loss", label: "Where it was lost", told: from(LOSSES), isOpen: true },
  { name: "flaw", label: "Flaws", told: pathWords },
  { name: "severity", label: "Severity", told: capital },
  { name: "stop", label: "Why sampling stopped", told: from(STOPS) },
  { name: "ended", label: "How the run ended", told: from(ENDS) },
  { name: "failure", label: "Failed draws", told: from(FAILURES) },
  { name: "member", label: "Member", told: String },
  { name: "language", label: "Language", told: languageName },
  { name: "tag", label: "Tag", told: String },
  { name: "study", label: "Study", told: String },
  { name: "origin", label: "Origin", told: from(ORIGINS) },
];

/* `factor`: what one unit of the field is in the address. */
const RANGES = [
  { name: "stability", label: "Stability", unit: "%", factor: 0.01, step: "any" },
  { name: "cost", label: "Cost", unit: "$", factor: 1, step: "any" },
  { name: "draws", label: "Draws", unit: "", factor: 1, step: "1" },
  { name: "failures", label: "Failed draws", unit: "", factor: 1, step: "1" },
  { name: "length", label: "Longest answer", unit: "characters", factor: 1, step: "1" },
  { name: "prompt_length", label: "Prompt", unit: "characters", factor: 1, step: "1" },
];
const DAY = { name: "day", label: "Day" };

const SORTS = [["Newest first", "newest"], ["Oldest first", "oldest"], ["Most disagreement", "disagreement"], ["Least stable vote", "unstable"], ["Most expensive", "expensive"], ["Longest answers", "longest"], ["Gravest flaws", "flaws"]];

/* "a..b", "a..", "..b" or "a", as two texts. */
function endsOf(text) {
  const [low, high] = text.includes("..") ? text.split("..") : [text, text];
  return [low, high];
}

function rangeWords({ unit, factor }, text) {
  const [low, high] = endsOf(text).map((end) => (end === "" ? "" : `${unit === "$" ? "$" : ""}${shortNumber(Number(end) / factor)}`));
  const tail = unit === "%" ? " %" : unit === "characters" ? " characters" : "";
  if (low === high) return `${low}${tail}`;
  if (!low) return `at most ${high}${tail}`;
  return high ? `${low} to ${high}${tail}` : `at least ${low}${tail}`;
}

const shortNumber = (number, digits = 6) => (Number.isFinite(number) ? String(Number(number.toPrecision(digits))) : "?");

function dayWords(text) {
  const [low, high] = endsOf(text);
  if (low === high) return low;
  return low && high ? `${low} to ${high}` : low ? `from ${low}` : `until ${high}`;
}

/* A filter in words: its name and its value; `labels` are what the server calls values, by name and value. */
function filterWords(name, value, labels = new Map()) {
  const choice = CHOICES.find((each) => each.name === name);
  const range = RANGES.find((each) => each.name === name);
  const label = labels.get(`${name}=${value}`);
  if (choice) return [choice.label, label && label !== value ? label : choice.told(value)];
  if (range) return [range.label, rangeWords(range, value)];
  if (name === "day") return [DAY.label, dayWords(value)];
  if (name === "q") return ["Words", value];
  if (name === "pattern") return ["Pattern", pathWords(value)];
  return [capital(name), value];
}

/* The filter that the server's words are about, and null where they name none that is on. */
function blamed(words, filters) {
  const said = /\b(?:filter|range) '?([\w-]+)|\b(search|pattern|order)\b/.exec(words);
  const name = said && ({ run: "ids", search: "q", order: "sort" }[said[1] || said[2]] || said[1] || said[2]);
  return name === "sort" || filters.some(([each]) => each === name) ? name : null;
}
