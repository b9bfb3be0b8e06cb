/* Files of recorded answers: dropped or chosen, sent one after the other, each with its progress and its bad lines. */

const EXAMPLE = '{"question": "q1", "member": "small-model", "gold": "42", "answers": ["42", "41", null]}';

class Upload {
  constructor(lab) {
    this.lab = lab;
    this.picker = el("input", { type: "file", multiple: true, class: "fx-sr", tabindex: "-1", "aria-label": "Files of recorded answers", accept: ".jsonl,.ndjson,.json,.csv,.txt",
      change: () => this.take([...this.picker.files]) });
    this.files = el("ul", { class: "lab-files", "aria-label": "Loaded files" });
    this.said = el("p", { class: "fx-sr", role: "status" });
    this.copy = button("Copy", "copy", () => copyText(EXAMPLE, this.copy), { class: "fx-btn fx-quiet", "aria-label": "Copy the example line" });
    const zone = el("div", { class: "lab-drop", dragover: (event) => this.hover(event, true), dragenter: (event) => this.hover(event, true), dragleave: (event) => this.hover(event, false), drop: (event) => this.drop(event) },
      button("Choose files", "note", () => this.picker.click(), { class: "fx-btn fx-primary" }), this.picker,
      el("span", { class: "fx-hint", text: "or drop them here: JSONL or CSV, one question a line, or the published count files" }));
    this.zone = zone;
    this.format = el("details", { class: "fx-fold lab-format" }, el("summary", { text: "What a file looks like" }),
      el("p", { class: "fx-hint", text: "One JSON line for each question and member, with all answers in the order they were given; null stands for an answer that could not be read, and gold may be left out. A CSV has the columns question, member, answer and gold, one answer a row. The count files published with Best-of-infinity (all_answers, answer_counts, gold_answer) load as they are, the member’s name read from the file’s." }),
      el("div", { class: "lab-example" }, el("code", { text: EXAMPLE }), this.copy));
    this.node = el("div", { class: "lab-upload" }, zone, this.said, this.files, this.format);
  }

  hover(event, isOver) {
    event.preventDefault();
    this.zone.classList.toggle("is-over", isOver);
  }

  drop(event) {
    this.hover(event, false);
    this.take([...event.dataTransfer.files]);
  }

  async take(files) {
    this.picker.value = "";
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
      const reply = await send(file, (share) => {
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
    if (!count) return;
    const named = problems.map(({ file, line, message }) => el("li", {}, el("strong", { text: `${file}, line ${line}: ` }), message));
    const more = count > problems.length ? [el("li", { text: `and ${plain(count - problems.length)} more` })] : [];
    result.append(el("details", { class: "fx-fold", open: count <= 5 }, el("summary", { text: `${counted(count, "line")} could not be used` }), el("ol", { class: "fx-list" }, ...named, ...more)));
  }
}

/* fetch tells nothing about how much was sent. */
function send(file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${LAB}/recordings?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 1);
    request.onerror = () => reject(new Error("the server could not be reached, or refused a file of this size."));
    request.onload = () => {
      let said = {};
      try {
        said = JSON.parse(request.responseText);
      } catch {
        /* A proxy may answer in its own words. */
      }
      if (request.status < 300 && said.recording) resolve(said);
      else reject(new Error(said.error || `the server answered with error ${request.status}.`));
    };
    request.send(file);
  });
}
