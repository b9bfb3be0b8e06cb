/* Reports: what was computed before, each with its address and its files. */

const KINDS = { replay: "Replay", weights: "Weights", transfer: "Transfer", subsets: "Transfer of subsets", curve: "Learning curve" };
const FILES = { JSON: "report.json", CSV: "report.csv", SVG: "figure.svg", PNG: "figure.png", PDF: "figure.pdf" };

function downloads({ id, kind, title }) {
  const files = kind === "replay" ? { ...FILES, "CSV by question": "questions.csv" } : FILES;
  return el("span", { class: "lab-downloads", role: "group", "aria-label": `Files of ${title}` }, ...Object.entries(files).map(([words, file]) =>
    el("a", { href: `${LAB}/reports/${encodeURIComponent(id)}/${file}`, download: true, text: words })));
}

/* Under every result: what it was made from, its files, and whether the choice above has changed since. */
function provenance(report, words) {
  const chosen = report.request.selection ? JSON.stringify(report.request.selection) : "";
  return el("div", { class: "lab-about", "data-selection": chosen }, el("p", { class: "fx-hint", text: words }), downloads(report),
    el("p", { class: "fx-warning", hidden: true }, icon("warn"), el("span", { text: "Made from another choice of answers than the one above." })));
}

class Reports {
  constructor(lab) {
    this.lab = lab;
    Object.assign(this, section("Reports", "Every result is kept, with the hashes of its inputs and its seed, and can be opened again.", "reports"));
    this.list = el("div");
    this.body.append(this.list);
  }

  draw() {
    const { reports } = this.lab.catalogue;
    if (!reports.length) this.list.replaceChildren(el("p", { class: "fx-hint", text: "Nothing has been computed yet." }));
    else this.list.replaceChildren(paged("Stored reports", ["Report", "Kind", "Made", "Files"], reports.map((report) => [this.link(report), KINDS[report.kind], el("time", { datetime: report.created_at, text: moment(report.created_at) }), downloads(report)]), ""));
  }

  link({ id, title }) {
    return stepTo(`/lab?report=${encodeURIComponent(id)}`, () => this.lab.openReport(id), { class: "lab-open" }, foreign(title));
  }
}
