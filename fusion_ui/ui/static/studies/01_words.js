/* What roles, tasks and presets are called. Builds on the board's and the lab's building blocks, loaded before. */

const STUDIES = "/api/studies";
const ROLES = { fusion: "Fusion", best: "Best-of-N", vote: "Vote", single: "Single sample", candidate: "Candidate" };
const ROLE_HUES = { fusion: "fx-r1", best: "fx-c5", vote: "fx-c7", single: "fx-c4", candidate: "fx-c8", all_bad: "fx-c6" };
const TASKS = { pairwise: "Pairs", ranking: "Ranking", "best-worst": "Best and worst", rubric: "Rubric" };
const VERDICTS = { tie: "Tie", all_bad: "All bad", skip: "Skipped", ranking: "Ranked", scores: "Scored", withdrawn: "Taken back" };
const PHASES = { main: "", training: "training", repeat: "repeat" };
const COMPARED = ["fusion", "best", "vote", "single"];

/* Several candidates of one unit are told apart by a number after the role: "candidate 2". */
function roleName(role) {
  const [first, ...rest] = String(role).split(" ");
  return [ROLES[first] || VERDICTS[first] || first, ...rest].join(" ");
}

const roleHue = (role) => ROLE_HUES[String(role).split(" ")[0]] || "fx-r6";
const contrastName = (roles) => roles.map(roleName).join(roles.length === 2 ? " vs " : ", ");
const pairsOf = (roles) => roles.flatMap((one, place) => roles.slice(place + 1).map((other) => [one, other]));

const KINDS_OF_STUDY = [
  { key: "best", words: "Fusion vs best", hint: "Does fusing beat picking?", task: "pairwise", contrasts: [["fusion", "best"]] },
  { key: "vote", words: "Fusion vs vote", hint: "Does fusing beat the most frequent answer?", task: "pairwise", contrasts: [["fusion", "vote"]] },
  { key: "single", words: "Fusion vs single", hint: "Does fusing beat asking once?", task: "pairwise", contrasts: [["fusion", "single"]] },
  { key: "pairs", words: "All pairs", hint: "Fusion, best, vote and single, two at a time", task: "pairwise", contrasts: pairsOf(COMPARED) },
  { key: "ranking", words: "Ranking", hint: "All four at once, ties allowed", task: "ranking", contrasts: [COMPARED] },
  { key: "rubric", words: "Rubric", hint: "Fusion and best scored on criteria", task: "rubric", contrasts: [["fusion", "best"]] },
];
const OWN_KIND = { key: "own", words: "Something else", hint: "Choose the question and the outputs" };

const sameJson = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const kindOf = ({ task, contrasts }) => (KINDS_OF_STUDY.find((kind) => kind.task === task && sameJson(kind.contrasts, contrasts)) || OWN_KIND).key;
const titleOf = (kind, task, contrasts) => (kind === "own" ? `${TASKS[task]}: ${contrastName([...new Set(contrasts.flat())])}` : KINDS_OF_STUDY.find(({ key }) => key === kind).words);

const seconds = (number) => (number === null || number === undefined ? "–" : number < 90 ? `${plain(number, number < 10 ? 1 : 0)} s` : `${plain(number / 60)} min`);
const minutes = (number) => (number < 1 ? "under a minute" : number < 90 ? `about ${counted(Math.round(number), "minute")}` : `about ${plain(number / 60)} hours`);
const outOf = ({ of, ...rest }) => (of ? `${plain(Object.values(rest)[0])} of ${plain(of)}` : "–");
const linesOf = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
const namesIn = (text) => [...new Set(text.split(/[,;\n]/).map((name) => name.trim()).filter(Boolean))];
