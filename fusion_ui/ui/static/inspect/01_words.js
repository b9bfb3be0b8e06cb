/* Numbers and names in words, for every part of the page. */

const plain = (number, digits = 1) => number.toLocaleString("en", { maximumFractionDigits: digits });
const percent = (share, digits = 1) => (share === null || share === undefined ? "–" : `${(100 * share).toFixed(digits)} %`);
const many = (number, noun) => `${plain(number)} ${noun}${number === 1 ? "" : "s"}`;
const clipped = (text, most) => (text.length > most ? `${Array.from(text).slice(0, most).join("").trimEnd()} …` : text);
const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

/* Less than a cent keeps two figures: most runs of small models cost that. */
function money(usd) {
  if (usd === null || usd === undefined) return "cost unknown";
  return `$${usd === 0 || usd >= 0.01 ? usd.toFixed(2) : usd.toLocaleString("en", { maximumSignificantDigits: 2, useGrouping: false })}`;
}

const moment = (iso) => new Date(iso).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

const PARTIES = { people: "people", judge: "judge", vote: "vote", fusion: "fusion", gold: "reference" };
const disagreement = (value) => value.split("-").map((party) => PARTIES[party] || party).join(" vs ");
