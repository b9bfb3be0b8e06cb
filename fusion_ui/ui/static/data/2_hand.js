/* What is stored, handed out: what, of which studies, in which format, and a file comes. */

const TABLES = ["jsonl", "csv", "parquet"];
const FILES = {
  ratings: { words: "Ratings", endings: TABLES, says: "Every judgement, every revision, with all that says what it was about and how it came." },
  runs: { words: "Runs", endings: TABLES, says: "Prompts, recipes, candidates, votes, picks and fusions, with costs and times." },
  flaws: { words: "Flaws", endings: TABLES, says: "Mistakes that people marked or models suggested, with the words they lie on." },
  dpo: { words: "Preference pairs (DPO)", endings: ["jsonl"], says: "prompt, chosen and rejected in the conversational form that TRL reads.", training: true },
  sft: { words: "Fine-tuning (SFT)", endings: ["jsonl"], says: "Preferred or fused answers in the conversational form that TRL reads.", training: true },
  battles: { words: "Battles (FastChat)", endings: ["json", "jsonl"], says: "Pairs with their winner, as arenas keep them." },
  comparator: { words: "LLM Comparator", endings: ["json"], says: "One contrast, for that tool." },
  bundle: { words: "Bundle of this app", endings: TABLES, says: "Everything of the studies and runs, for another copy of Fusion UI: brought in there, it is the same." },
  datasette: { words: "Copy for Datasette", endings: ["zip"], says: "The whole database without logins, with views to read, and its description.", whole: true },
};

class Hand {
  constructor() {
    const card = section("Hand out", "What is stored here, for other tools and for other copies of this app.", "hand");
    this.asked = { what: "ratings", ending: "jsonl", studies: [], blind: true, flaws: false, vote: false, ties: false, one: false, answers: "preferred" };
    this.what = select(Object.entries(FILES).map(([key, { words }]) => [words, key]), "ratings", (what) => this.set({ what, ending: FILES[what].endings[0] }));
    this.says = el("p", { class: "fx-hint" });
    this.ending = el("div");
    this.studies = el("fieldset", { class: "lab-choices data-studies" }, el("legend", { text: "Studies" }));
    this.filters = el("fieldset", { class: "lab-choices", hidden: true }, el("legend", { text: "Only examples that" }), ...[
      ["were judged blind", "blind"],
      ["have no flaw marked in what is chosen", "flaws"],
      ["agree with the vote", "vote"],
      ["nobody called a tie", "ties"],
      ["are the first of their prompt", "one"],
    ].map(([words, name]) => check(words, this.asked[name], (isOn) => this.set({ [name]: isOn })).node));
    this.answers = field("Answers", select([["Preferred by people", "preferred"], ["Fused", "fused"]], "preferred", (answers) => this.set({ answers })));
    this.task = new Task("Make the file", "Writing", () => this.make());
    card.body.append(el("div", { class: "lab-two" }, el("div", { class: "data-fields" }, field("What", this.what), this.says, this.ending, this.answers, this.filters), this.studies), this.task.node);
    this.node = card.node;
    this.set({});
    this.load();
  }

  async load() {
    try {
      const studies = await get("/api/studies");
      this.studies.append(...studies.map(({ id, title, done }) => check(el("span", {}, foreign(title), el("span", { class: "fx-hint", text: ` ${counted(done, "judgement")}` })), false, (isOn) => this.choose(id, isOn)).node),
        el("p", { class: "fx-hint", text: "None chosen: all of them, and what was rated on Compare." }));
    } catch (error) {
      this.studies.append(complaint(error.message));
    }
  }

  choose(id, isOn) {
    this.set({ studies: isOn ? [...this.asked.studies, id] : this.asked.studies.filter((each) => each !== id) });
  }

  set(changes) {
    Object.assign(this.asked, changes);
    const file = FILES[this.asked.what];
    write(this.says, file.says);
    if ("what" in changes || !this.ending.firstChild) this.ending.replaceChildren(new Choices("Format", file.endings.map((each) => [each.toUpperCase(), each]), this.asked.ending, (ending) => this.set({ ending })).node);
    show(this.filters, Boolean(file.training));
    show(this.answers, this.asked.what === "sft");
    show(this.studies, !file.whole);
  }

  address() {
    const { what, ending, studies, blind, flaws, vote, ties, one, answers } = this.asked;
    const query = new URLSearchParams();
    if (!FILES[what].whole) for (const id of studies) query.append("study", id);
    if (FILES[what].training) for (const [name, value] of [["blind", blind], ["agrees_with_vote", vote], ["no_ties", ties], ["one_a_prompt", one]]) query.set(name, value ? "1" : "0");
    if (FILES[what].training && flaws) query.set("flaw_floor", "minor");
    if (what === "sft") query.set("answers", answers);
    return `/api/exports/${what}.${ending}?${query}`;
  }

  /* Fetched and not followed, so that a refusal is told here and not on an empty page. */
  async make() {
    const link = el("a", { href: URL.createObjectURL(await ask(this.address(), {}, "blob")), download: `${this.asked.what}.${this.asked.ending}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
}
