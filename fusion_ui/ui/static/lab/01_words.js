/* Figures in words, and what the rules are called. Builds on dom.js, which is loaded before. */

const LAB = "/api/lab";
const span = (low, high, told = percent) => (low === null || low === undefined ? "–" : `${told(low)} to ${told(high)}`);
const listed = (words, most = 4) => (words.length > most + 1 ? `${words.slice(0, most).join(", ")} and ${words.length - most} more` : words.join(", "));

/* Thresholds run over fifteen powers of ten: long ones are told as a power. */
function brief(number) {
  const power = Math.log10(Math.abs(number));
  if (Math.abs(power) < 5 || number === 0) return number.toLocaleString("en", { maximumSignificantDigits: 6 });
  const [head, exponent] = number.toExponential(1).split("e");
  const raised = String(Number(exponent)).replace("-", "⁻").replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);
  return `${Number(head) === 1 ? "" : `${Number(head)} × `}10${raised}`;
}

const RULES = {
  bayes: { label: "Best-of-infinity", hue: "fx-c1", mark: "circle", of: (threshold) => `B = ${brief(threshold)}` },
  fixed: { label: "Fixed N", hue: "fx-c2", mark: "square", of: (threshold) => `N = ${brief(threshold)}` },
  asc: { label: "ASC-Beta", hue: "fx-c3", mark: "diamond", of: (threshold) => `ASC ${brief(threshold)}` },
  certificate: { label: "Certificate", hue: "fx-c4", mark: "triangle", of: (threshold) => `δ = ${brief(threshold)}` },
};
const MINIMUM = 3; // votes that an adaptive rule takes unless it says otherwise, see fusion_ui.engine.values.StopRule

function ruleName({ rule, threshold, minimum }) {
  const least = minimum && minimum !== MINIMUM ? `, from ${counted(minimum, "vote")}` : "";
  return `${RULES[rule].label}, ${RULES[rule].of(threshold)}${least}`;
}

/* A question by its name; one of this app's own runs has only a hash for a name, and goes by its first words. */
function called({ name, text }) {
  return text && /^[0-9a-f]{64}$/.test(name) ? clipped(text, 70) : name;
}

const PRESETS = [
  { words: "Quick, B = 10", rules: "bayes:10" },
  { words: "Balanced, B = 30", rules: "bayes:30" },
  { words: "Careful, B = 100", rules: "bayes:100" },
  { words: "ASC-Beta 0.95", rules: "asc:0.95" },
  { words: "Certificate 0.05", rules: "certificate:0.05" },
  { words: "Fixed N grid", rules: "fixed:1,fixed:3,fixed:5,fixed:10,fixed:30,fixed:100" },
  {
    words: "The paper’s grid",
    rules: // the 13 values of B and 7 of N of the published experiments
      "bayes:2,bayes:5,bayes:7,bayes:10,bayes:30,bayes:100,bayes:300,bayes:1000,bayes:3000,bayes:10000,bayes:1e7,bayes:1e10,bayes:1e15," +
      "fixed:1,fixed:3,fixed:5,fixed:7,fixed:10,fixed:30,fixed:100",
  },
];

const rulesIn = (text) => text.split(",").map((rule) => rule.trim()).filter(Boolean);
