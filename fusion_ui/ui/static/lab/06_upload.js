/* Files of recorded answers: dropped or chosen, sent one after the other, each with its progress and its bad lines. */

const EXAMPLE = '{"question": "q1", "member": "small-model", "gold": "42", "answers": ["42", "41", null]}';

class Upload {
  constructor(lab) {
    this.lab = lab;
    this.files = el("ul", { class: "lab-files", "aria-label": "Loaded files" });
    this.said = el("p", { class: "fx-sr", role: "status" });
    this.copy = button("Copy", "copy", () => copyText(EXAMPLE, this.copy), { class: "fx-btn fx-quiet", "aria-label": "Copy the example line" });
    const zone = dropPlace({ label: "Files of recorded answers", accept: ".jsonl,.ndjson,.json,.csv,.txt", take: (files) => this.take(files),
      hint: "or drop them here: JSONL or CSV, one question a line, or the published count files" });
    this.format = el("details", { class: "fx-fold lab-format" }, el("summary", { text: "What a file looks like" }),
      el("p", { class: "fx-hint", text: "One JSON line for each question and member, with all answers in the order they were given; null stands for an answer that could not be read, and gold may be left out. A CSV has the columns question, member, answer and gold, one answer a row. The count files published with Best-of-infinity (all_answers, answer_counts, gold_answer) load as they are, the member’s name read from the file’s." }),
      el("div", { class: "lab-example" }, el("code", { text: EXAMPLE }), this.copy));
    this.node = el("div", { class: "lab-upload" }, zone, this.said, this.files, this.format);
  }

  async take(files) {
    const rows = files.map((file) => this.row(file));
    const loaded = [];
    for (const row of rows) {
      const recording = await this.load(row);
      if (recording) loaded.push(recording);
    }
    if (files.length) write(this.said, `${loaded.length} of ${counted(files.length, "file")} loaded.`);
    if (loaded.length) await this.lab.loaded(loaded);
  }

  row(file) {
    const bar = el("progress", { max: "1", value: "0", "aria-label": `Sending ${file.name}` });
    const result = el("div", { class: "lab-file-result" }, el("span", { class: "fx-hint", text: "waiting" }));
    const node = el("li", {}, el("span", { class: "lab-file-name" }, foreign(file.name, "fx-key")), bar, result);
    this.files.prepend(node);
    return { file, bar, result, node };
  }

  async load({ file, bar, result, node }) {
    try {
      const reply = await sendFile(`${LAB}/recordings?name=${encodeURIComponent(file.name)}`, file, (share) => {
        bar.value = share;
        write(result, share < 1 ? `${Math.round(100 * share)} % sent` : "reading …");
      });
      this.accept(result, reply);
      node.classList.add(reply.problem_count ? "is-partial" : "is-ok");
      return reply.recording;
    } catch (error) {
      result.replaceChildren(icon("cross"), el("span", { text: `Not loaded: ${error.message}` }));
      node.classList.add("is-bad");
      return null;
    } finally {
      bar.remove();
    }
  }

  accept(result, { recording, problems, problem_count: count }) {
    const held = `${counted(recording.questions, "question")}, ${counted(recording.answers, "answer")} of ${listed(recording.members)}`;
    result.replaceChildren(el("p", {}, icon("check"), el("span", { text: `Loaded ${held}.` })));
    if (count) result.append(badLines(problems, count));
  }
}
