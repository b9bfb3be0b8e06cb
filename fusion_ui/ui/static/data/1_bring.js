/* What others recorded: files are sent, what they hold is told, and only then, at a press, stored. */

const FORMATS = [
  ["Told by the content", "auto"],
  ["Prompts with candidates", "pools"],
  ["Candidates, one a line", "candidates"],
  ["Votes, one a line", "votes"],
  ["Recorded answers, for the Lab", "answers"],
  ["FastChat battles", "battles"],
  ["LLM Comparator", "llm_comparator"],
  ["AlpacaEval outputs", "alpaca_eval"],
  ["lm-evaluation-harness samples", "lm_eval"],
  ["A bundle of this app", "bundle"],
];
const HOLDS_VOTES = ["votes", "battles", "llm_comparator"];

class Bring {
  constructor() {
    const card = section("Bring in", "What others recorded: candidates become runs, judgements a study, answers a recording of the Lab. Files given together belong together.", "bring");
    this.settings = { format: "auto", title: "", judge: "" };
    this.format = select(FORMATS, "auto", (value) => this.change({ format: value }));
    this.title = el("input", { class: "fx-input", type: "text", maxlength: "180", change: () => this.change({ title: this.title.value }) });
    this.judge = el("input", { class: "fx-input", type: "text", maxlength: "200", change: () => this.change({ judge: this.judge.value }) });
    this.choices = el("div", { class: "data-fields" }, field("Format", this.format),
      this.ofVotes = el("div", { class: "data-fields", hidden: true },
        field("Title of the study", this.title, "Empty: the names of the files."),
        field("Judge", this.judge, "A rater who is a model: named so in the files, or behind lines that name nobody.")));
    this.bar = el("progress", { max: "1", value: "0", hidden: true, "aria-label": "Sending" });
    this.said = el("div", { class: "data-said", role: "status" });
    this.trouble = el("div", { class: "fx-alert", role: "alert" });
    this.store = button("Store it", "check", () => this.bring(), { class: "fx-btn fx-primary", hidden: true });
    card.body.append(
      el("div", { class: "lab-two" },
        dropPlace({ label: "Files to bring in", accept: ".json,.jsonl,.ndjson,.csv,.tsv,.parquet,.txt", take: (files) => this.take(files),
          hint: "or drop them here: JSON, JSONL, CSV or Parquet. Nothing is stored before you have seen what was understood." }),
        this.choices),
      this.bar, this.trouble, this.said, el("div", { class: "lab-task-row" }, this.store));
    this.node = card.node;
  }

  change(settings) {
    Object.assign(this.settings, settings);
    if (this.files) this.look();
  }

  take(files) {
    if (!files.length) return;
    this.files = files;
    this.look();
  }

  /* What the files hold; nothing is stored. The last look counts. */
  async look() {
    const turn = (this.turn = Symbol("look"));
    show(this.store, false);
    await this.work(true, turn, (found) => this.understood(found));
  }

  async bring() {
    const turn = (this.turn = Symbol("store"));
    show(this.store, false);
    await this.work(false, turn, (brought) => this.brought(brought));
  }

  async work(isDry, turn, done) {
    this.trouble.replaceChildren();
    this.said.replaceChildren(el("p", { class: "fx-hint", text: isDry ? "Reading …" : "Storing …" }));
    show(this.bar, true);
    try {
      const found = await sendFile(this.address(isDry), new Blob(this.files), (share) => { if (this.turn === turn) this.bar.value = share; });
      if (this.turn === turn) done(found);
    } catch (error) {
      if (this.turn === turn) this.fail(error.message, isDry);
    } finally {
      if (this.turn === turn) show(this.bar, false);
    }
  }

  address(isDry) {
    const query = new URLSearchParams({ ...this.settings, dry: isDry ? "1" : "0" });
    for (const file of this.files) {
      query.append("name", file.name);
      query.append("size", String(file.size));
    }
    return `/api/imports?${query}`;
  }

  fail(words, isDry) {
    this.said.replaceChildren();
    this.trouble.replaceChildren(complaint(`${isDry ? "Not understood" : "Not stored"}: ${words}`));
    show(this.store, !isDry);
  }

  understood(found) {
    show(this.ofVotes, HOLDS_VOTES.includes(found.format));
    this.said.replaceChildren(...this.told(found));
    show(this.store, true);
  }

  told(found) {
    const label = FORMATS.find(([, key]) => key === found.format)?.[0] ?? found.format;
    const numbers = [[found.prompts, "prompt"], [found.candidates, "candidate"], [found.judgements, "judgement"], [found.raters, "rater"]];
    return [
      el("p", { class: "data-words" }, el("strong", { text: `${label}: ` }), found.words),
      facts([["From", listed(this.files.map(({ name }) => name))], ...numbers.filter(([number]) => number).map(([number, word]) => [word === "candidate" ? "Candidates" : `${word[0].toUpperCase()}${word.slice(1)}s`, plain(number)]),
        ...(found.members.length ? [["Members", listed(found.members, 8)]] : []), ...(found.already ? [["Stored already", plain(found.already)]] : [])]),
      ...(found.problem_count ? [badLines(found.problems, found.problem_count)] : []),
    ];
  }

  brought(brought) {
    const links = [
      ...brought.studies.map((id) => [`/studies?study=${encodeURIComponent(id)}`, "Open the study"]),
      ...(brought.studies.length ? [[`/analyse?by=member&${brought.studies.map((id) => `study=${encodeURIComponent(id)}`).join("&")}`, "Analyse it"]] : []),
      ...(brought.runs.length ? [["/inspect", "See the runs in Inspect"]] : []),
      ...(brought.recordings.length ? [["/lab", "Open the Lab"]] : []),
    ];
    this.said.replaceChildren(
      el("p", { class: "data-words" }, icon("check"), el("span", { text: brought.words })),
      el("p", { class: "lab-task-row" }, ...links.map(([href, words]) => el("a", { class: "fx-btn", href, text: words }))),
      ...(brought.understood.problem_count ? [badLines(brought.understood.problems, brought.understood.problem_count)] : []));
  }
}
