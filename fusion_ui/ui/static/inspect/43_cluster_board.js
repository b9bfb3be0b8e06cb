/* The groups of answers as columns of cards, one card a candidate with the place its answer was read from. A card or a
   whole group is dragged onto another group; whatever can be dragged can be chosen from a list, too. */

const CLUSTER_OWN = "\u0000own";
const CLUSTER_NONE = "\u0000none";
const CLUSTER_READ = "\u0000read";

class ClusterBoard {
  /* `changed(focus)` after each step; `focus` finds the control that the keyboard should go on from. */
  constructor({ caseView, changed }) {
    Object.assign(this, { caseView, changed });
    this.columns = el("ol", { class: "ct-groups", "aria-label": "Groups of answers" });
    this.fused = el("div", { class: "ct-fused" });
    this.node = el("div", { class: "ct-board" }, this.columns, this.fused);
  }

  give(case_, draft) {
    this.draft = draft;
    this.candidates = case_.candidates.filter(({ state, output_id: output }) => state === "done" && output);
    this.rights = new Map(case_.groups.map(({ answer, right }) => [answer, right]));
    this.fusion = case_.fusion_answer;
    this.draw();
  }

  draw() {
    const { groups, none } = this.draft.groups(this.candidates);
    this.answers = groups.map(({ answer }) => answer);
    const most = groups[0]?.members.length;
    const isTied = groups.filter(({ members }) => members.length === most).length > 1;
    this.columns.replaceChildren(...groups.map((group, rank) => this.column(group, rank, group.members.length === most ? (isTied ? "Tied for the lead" : "Vote leader") : "")),
      this.none(none), this.own());
    this.drawFused();
  }

  /* ---------- groups ---------- */

  column({ answer, members }, rank, leads) {
    const node = el("li", { class: `ct-group ${rank < 5 ? `fx-r${rank + 1}` : "fx-r6"}`, "data-answer": answer, draggable: "true" });
    const writings = this.draft.writings(answer);
    const others = this.answers.filter((each) => each !== answer);
    node.append(
      el("header", { class: "ct-group-head" }, el("h4", { class: "ct-h4" }, foreign(clipped(answer, 120), "fx-key")),
        el("span", { class: "fx-badges" }, badge("plain", null, counted(members.length, "vote")), leads ? badge("lead", "vote", leads) : null, this.rights.get(answer) ? badge("ok", "check", "As the reference") : null)),
      writings.length ? el("p", { class: "fx-hint ct-writings" }, "also written ", ...writings.flatMap((each, at) => [at ? ", " : "", foreign(clipped(each, 40), "fx-key")])) : "",
      el("div", { class: "ct-group-tools" },
        button("Rename", "pen", () => this.askName(node, answer), { class: "fx-btn fx-quiet ct-rename", "aria-label": `Rename the answer ${clipped(answer, 40)}` }),
        others.length ? this.chooser(`Merge ${clipped(answer, 40)} into`, "Merge into …", others.map((each) => [clipped(each, 60), each]), (into) => this.step(() => this.draft.merge(answer, into), into)) : null),
      el("ul", { class: "ct-cards" }, ...members.map((each) => this.card(each, answer))));
    this.makeDragged(node, { answer });
    this.makeTarget(node, (dropped) => (dropped.answer !== undefined ? dropped.answer !== answer && this.step(() => this.draft.merge(dropped.answer, answer), answer) : this.place(dropped.output, answer)));
    return node;
  }

  none(members) {
    const node = el("li", { class: "ct-group is-none", "data-answer": CLUSTER_NONE },
      el("header", { class: "ct-group-head" }, el("h4", { class: "ct-h4", text: "No answer" }), badge("plain", null, counted(members.length, "draw"))),
      el("ul", { class: "ct-cards" }, ...members.map((each) => this.card(each, null))));
    this.makeTarget(node, (dropped) => dropped.output && this.place(dropped.output, null));
    return node;
  }

  own() {
    const node = el("li", { class: "ct-group is-own" }, el("p", { class: "fx-hint", text: "Drop a card here: a group of its own" }));
    this.makeTarget(node, (dropped) => dropped.output && this.splitOff(dropped.output));
    return node;
  }

  askName(node, answer) {
    const input = el("input", { class: "fx-input", type: "text", dir: "auto", maxlength: "200", "aria-label": `New name of ${clipped(answer, 40)}` });
    const done = () => this.step(() => this.draft.rename(answer, input.value), this.draft.meaning(input.value.trim()) || answer);
    const form = el("form", { class: "ct-naming", submit: (event) => { event.preventDefault(); done(); },
      keydown: (event) => { if (event.key === "Escape") { event.stopPropagation(); this.changed(() => this.renamer(answer)); } } }, input,
    el("button", { type: "submit", class: "fx-btn", text: "Rename" }));
    input.value = answer;
    node.draggable = false;
    node.querySelector(".ct-group-tools").replaceChildren(form);
    input.select();
  }

  renamer(answer) {
    return [...this.columns.children].find(({ dataset }) => dataset.answer === answer)?.querySelector(".ct-rename");
  }

  /* ---------- cards ---------- */

  card(candidate, answer) {
    const { position, member, output_id: output, answer_as_sampled: sampled, answer_span: span, text } = candidate;
    const isCorrected = answer !== sampled;
    const targets = [...this.answers.filter((each) => each !== answer).map((each) => [`To ${clipped(each, 50)}`, each]),
      ...(answer === null || this.draft.groups(this.candidates).groups.find((group) => group.answer === answer).members.length > 1 ? [["To a group of its own", CLUSTER_OWN]] : []),
      ...(answer === null ? [] : [["It gives no answer", CLUSTER_NONE]]), ...(output in this.draft.body.answers ? [["As it was read", CLUSTER_READ]] : [])];
    const node = el("li", { class: "ct-card", draggable: "true", "data-position": position },
      el("p", { class: "ct-who" }, tabPointer(this.caseView, position, span), foreign(member, "ct-name"),
        isCorrected ? el("span", { class: "ct-corrected" }, sampled === null ? "none was read" : "read as ", sampled === null ? null : foreign(clipped(sampled, 40), "fx-key")) : null),
      span ? tabPassage(text, span, 70) : el("p", { class: "ct-passage fx-hint", text: sampled === null ? "No answer was found in this text." : "It is not known where this answer stands in the text." }),
      this.chooser(`Move candidate ${position}`, "Move …", targets, (to) => this.send(candidate, to)));
    this.makeDragged(node, { output });
    return node;
  }

  send(candidate, to) {
    if (to === CLUSTER_OWN) this.splitOff(candidate.output_id);
    else if (to === CLUSTER_READ) this.step(() => this.draft.asRead(candidate), null, candidate.position);
    else this.place(candidate.output_id, to === CLUSTER_NONE ? null : to);
  }

  place(output, answer) {
    const candidate = this.candidates.find((each) => each.output_id === output);
    if (candidate && this.draft.answerOf(candidate) !== answer) this.step(() => this.draft.move(candidate, answer), null, candidate.position);
  }

  splitOff(output) {
    const candidate = this.candidates.find((each) => each.output_id === output);
    let name = "";
    this.step(() => { name = this.draft.split(candidate, this.answers); }, () => name);
  }

  /* One step of the draft; the keyboard goes on at the group, or at the card. */
  step(work, answer, position) {
    work();
    const wanted = typeof answer === "function" ? answer() : answer;
    this.changed(() => (position === undefined || position === null ? this.renamer(wanted) : this.columns.querySelector(`.ct-card[data-position="${Number(position)}"] select`)));
  }

  /* A list that does what is chosen in it, and then shows its name again. */
  chooser(label, words, pairs, chosen) {
    const node = el("select", { class: "fx-input ct-chooser", "aria-label": label, change: () => { if (node.value !== "-1") chosen(pairs[Number(node.value)][1]); } },
      el("option", { value: "-1", text: words }), ...pairs.map(([each], at) => el("option", { value: String(at), text: each })));
    return node;
  }

  /* ---------- dragging ---------- */

  makeDragged(node, what) {
    node.addEventListener("dragstart", (event) => {
      event.stopPropagation();
      this.dragged = what;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
      node.classList.add("is-dragged");
    });
    node.addEventListener("dragend", () => {
      this.dragged = null;
      node.classList.remove("is-dragged");
    });
  }

  makeTarget(node, drop) {
    node.addEventListener("dragover", (event) => {
      if (!this.dragged) return;
      event.preventDefault();
      node.classList.add("is-aimed");
    });
    node.addEventListener("dragleave", (event) => { if (!node.contains(event.relatedTarget)) node.classList.remove("is-aimed"); });
    node.addEventListener("drop", (event) => {
      event.preventDefault();
      node.classList.remove("is-aimed");
      const what = this.dragged;
      this.dragged = null;
      if (what) drop(what);
    });
  }

  /* ---------- the fused answer ---------- */

  drawFused() {
    show(this.fused, this.fusion);
    if (!this.fusion) return;
    const answer = this.draft.answerOf(this.fusion);
    const { output_id: output, answer_as_sampled: sampled } = this.fusion;
    const pairs = [...this.answers.filter((each) => each !== answer).map((each) => [`As ${clipped(each, 50)}`, each]), ...(answer === null ? [] : [["As no answer", CLUSTER_NONE]]),
      ...(output in this.draft.body.answers ? [["As it was read", CLUSTER_READ]] : [])];
    this.fused.replaceChildren(icon("merge"), el("span", {}, "The fused answer counts as ", answer === null ? "no answer" : foreign(clipped(answer, 120), "fx-key")),
      answer !== sampled ? el("span", { class: "ct-corrected" }, sampled === null ? "none was read" : "read as ", sampled === null ? null : foreign(clipped(sampled, 40), "fx-key")) : "",
      pairs.length ? this.chooser("Count the fused answer", "Count it …", pairs, (to) => {
        if (to === CLUSTER_READ) this.draft.asRead(this.fusion);
        else this.draft.move(this.fusion, to === CLUSTER_NONE ? null : to);
        this.changed(() => this.fused.querySelector("select"));
      }) : "");
  }
}
