/* Numbers and names in words, for every part of the page. */

const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

/* Less than a cent keeps two figures: most runs of small models cost that. */
function money(usd) {
  if (usd === null || usd === undefined) return "cost unknown";
  if (usd === 0) return "$0";
  return `$${usd >= 0.01 ? usd.toFixed(2) : usd.toLocaleString("en", { maximumSignificantDigits: 2, useGrouping: false })}`;
}

const PARTIES = { people: "people", judge: "judge", vote: "vote", fusion: "fusion", gold: "reference" };
const disagreement = (value) => value.split("-").map((party) => PARTIES[party] || party).join(" vs ");
