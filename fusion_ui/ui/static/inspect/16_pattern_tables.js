/* The patterns as tables with a drawn column: what was lost where, how often who errs, which errors occur together. */

const WHO = { people: { mark: "flaw", by: ["person", "people"] }, model: { mark: "suggestion", by: ["model", "models"] } };

function funnelCard(links, { funnel }) {
  const card = section("Where right answers were lost", funnel.known ? `${funnel.words} Fusion can break what the pick had wrong, too.` : "");
  if (!funnel.known) {
    card.body.append(el("p", { class: "lab-empty", text: "None of these cases has a reference answer and votes, so nothing can be said about right and wrong. Run prompts that have a reference answer to see it here." }));
    return card.node;
  }
  const scale = scaleOf(funnel.rows);
  card.body.append(table("Where right answers were lost", ["Loss", scaleHead(scale), "Cases", "Share"], funnel.rows.map((row) => [
    links.to(row.count ? row.filter : null, row.label || LOSSES[row.name] || row.name), dotOf(row, scale),
    el("span", {}, links.to(row.count ? row.filter : null, plain(row.count), `${row.label}: ${counted(row.count, "case")}`), ` of ${plain(row.of)}`), shareWords(row)]), { className: "in-table" }));
  return card.node;
}

function ratesCard(links, { rates, source }) {
  const marks = WHO[source].mark;
  const card = section(`How often outputs have a ${marks}`, "Shares of the outputs that were looked at, with their intervals; the mean weight counts minor as 1, major as 5, critical as 25.");
  for (const group of rates) card.body.append(rateGroup(links, group));
  return card.node;
}

function rateGroup(links, { label, rows }) {
  const heading = el("h3", { class: "lab-h3", text: label });
  if (!rows.length) return el("div", { class: "in-group" }, heading, el("p", { class: "fx-hint", text: "No output of this kind was looked at." }));
  const scale = scaleOf(rows);
  return el("div", { class: "in-group" }, heading, table(label, ["Output", scaleHead(scale), "Flawed", "Share", "Mean weight", "Most frequent"], rows.map((row) => rateRow(links, row, scale)), { className: "in-table" }));
}

function rateRow(links, row, scale) {
  const flawed = el("span", {}, links.to(row.flawed ? row.filter : null, plain(row.flawed), `${row.label}: ${counted(row.flawed, "flawed output")}`), " of ", links.to(row.outputs ? row.seen_filter : null, plain(row.outputs), `${row.label}: ${counted(row.outputs, "output")} looked at`));
  const classes = (row.classes || []).slice(0, 2).map((each) => el("span", { class: "in-often" }, links.to(each.filter, each.label), ` ${percent(each.rate, 0)}`));
  return [foreign(row.label || row.name), dotOf(row, scale), flawed, shareWords(row), row.weight_mean === null ? "–" : plain(row.weight_mean, 2), classes.length ? el("span", { class: "in-oftens" }, ...classes) : "–"];
}

function classesCard(links, { classes, source }) {
  const card = section(`Classes of ${WHO[source].mark}s`, "How many were marked, on how many outputs.");
  const most = Math.max(0, ...classes.map(({ count }) => count));
  card.body.append(table("Classes", ["Class", "Marks", el("span", { class: "fx-sr", text: "Drawn" }), "Outputs", "Severity", "Subtypes"], classes.map((row) => [
    links.to(row.filter, row.label), links.to(row.filter, plain(row.count), `${row.label}: ${counted(row.count, "mark")}`), barOf(row.count, most), plain(row.outputs),
    Object.entries(row.severities).map(([name, number]) => `${plain(number)} ${name}`).join(", "),
    row.subtypes.length ? el("span", { class: "in-oftens" }, ...row.subtypes.map((each) => el("span", { class: "in-often" }, links.to(each.filter, each.label), ` ${plain(each.count)}`))) : "–"]), { className: "in-table is-classes" }));
  return card.node;
}

function togetherCard(links, { together }) {
  const card = section("Errors that come together", "Outputs that have both, beside how many would have both if the classes fell independently.");
  if (!together.length) card.body.append(el("p", { class: "fx-hint", text: "No output has errors of two classes." }));
  else card.body.append(table("Errors that come together", ["Classes", "Outputs", "Expected", "Ratio"], together.map((row) => [
    links.to(row.filter, `${row.first_label || row.first} + ${row.second_label || row.second}`), links.to(row.filter, plain(row.outputs), `${counted(row.outputs, "output")} with both`), plain(row.expected), row.expected ? `× ${plain(row.outputs / row.expected)}` : "–"]), { className: "in-table is-together" }));
  return card.node;
}

function notesCard(links, screen, { notes }) {
  const card = section("What notes say alike", `${counted(notes.total, "note")}${notes.used < notes.total ? `, ${plain(notes.used)} of them compared` : ""}${notes.alone ? `; ${plain(notes.alone)} like no other` : ""}.`);
  if (!notes.clusters.length) card.body.append(el("p", { class: "fx-hint", text: notes.total ? "No two notes are alike." : "Nobody has written a note on these cases." }));
  else card.body.append(el("ul", { class: "in-clusters" }, ...notes.clusters.map((cluster) => el("li", {},
    el("p", { class: "in-cluster-head" }, links.to(cluster.filter, cluster.words.join(", ")), el("span", { class: "fx-hint", text: `${counted(cluster.count, "note")} on ${counted(cluster.cases, "case")}` })),
    el("ul", { class: "in-quotes" }, ...cluster.examples.map(({ run_id: run, note }) => el("li", {}, stepTo(screen.caseHref(run), () => screen.openCase(run), { class: "in-quote", dir: "auto" }, clipped(note, 200)))))))));
  return card.node;
}

function agreementCard({ agreement, source }) {
  const card = section("Agreement", source === "people" ? "How far people who looked at the same outputs say the same." : "How far models that looked at the same outputs say the same.");
  if (!agreement || !agreement.outputs) {
    card.body.append(el("p", { class: "fx-hint", text: agreement?.any?.words || "No output was looked at twice, so there is nothing to compare." }));
    return card.node;
  }
  const row = (name, { units, raw, alpha, words }) => [name, units === undefined ? "–" : plain(units), percent(raw), alpha === null || alpha === undefined ? "–" : plain(alpha, 2), el("span", { class: "fx-hint", text: words || "" })];
  card.body.append(table("Agreement", ["On", "Outputs", "Agree", "Alpha", "Note"], [row("Flawed at all", agreement.any), ...agreement.classes.map((each) => row(each.label, each))], { className: "in-table is-agreement" }));
  if (agreement.spans) card.body.append(el("p", { class: "fx-hint", text: agreement.spans.f1 === null ? agreement.spans.words : `Marked passages overlap with F1 ${plain(agreement.spans.f1, 2)}: ${agreement.spans.words}` }));
  return card.node;
}
