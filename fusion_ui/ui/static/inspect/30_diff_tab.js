/* What two outputs share and what only one of them says. The server compares; the page draws long texts in slices,
   line by line, so that every line has its own direction and what is out of sight costs nothing. */

const CASE_SLICE = 6000; // characters a slice: about a millisecond of drawing

class DiffTab {
  static name = "diff";

  static label = "Diff";

  constructor({ caseView }) {
    this.caseView = caseView;
    this.level = "word";
    this.layout = memory.get("fx-case-diff") === "stacked" ? "stacked" : "beside";
    this.first = select([], "", () => this.chosen());
    this.second = select([], "", () => this.chosen());
    this.swap = button("Swap", "swap", () => this.turn(), { class: "fx-btn fx-quiet" });
    this.said = el("p", { class: "fx-hint", role: "status" });
    this.box = el("div", { class: "case-diff" });
    this.levels = this.choice("Compared by", [["word", "Words"], ["sentence", "Sentences"]], () => this.level, (level) => {
      this.level = level;
      this.chosen();
    });
    this.layouts = this.choice("Laid out", [["beside", "Side by side"], ["stacked", "One under the other"]], () => this.layout, (layout) => {
      this.layout = layout;
      memory.set("fx-case-diff", layout);
      this.box.dataset.layout = layout;
    });
    this.layouts.classList.add("case-layouts"); // narrow screens have one
    this.node = el("div", { class: "case-diff-tab" },
      el("div", { class: "lab-settings" }, field("First text", this.first), this.swap, field("Second text", this.second), this.levels, this.layouts), this.said, this.box);
    this.box.dataset.layout = this.layout;
  }

  choice(legend, options, value, change) {
    const name = newId();
    return el("fieldset", { class: "fx-path-rules" }, el("legend", { text: legend }), el("div", { class: "fx-segments" }, ...options.map(([key, words]) => {
      const input = el("input", { type: "radio", name, value: key, change: () => change(key) });
      input.checked = key === value();
      return el("label", {}, input, el("span", { text: words }));
    })));
  }

  draw(case_) {
    this.outputs = caseOutputs(case_);
    for (const [node, chosen] of [[this.first, this.first.value], [this.second, this.second.value]]) {
      node.replaceChildren(...this.outputs.map(({ id, name }) => el("option", { value: id, text: name })));
      node.value = chosen;
    }
    const { first, second, level } = this.caseView.screen.address.place;
    const known = (id) => this.outputs.some((output) => output.id === id);
    if (level === "sentence" || level === "word") this.level = level;
    for (const input of this.levels.querySelectorAll("input")) input.checked = input.value === this.level;
    if (known(first) && known(second)) this.pair(first, second);
    else if (!known(this.first.value) || !known(this.second.value)) this.pair(...this.usual());
    this.load();
  }

  /* The fusion against the pick; without one of them, the first two texts that differ in whose they are. */
  usual() {
    const { best, fusion, candidates } = this.caseView.case;
    const picked = candidates.find(({ position }) => best.state === "done" && position === best.position);
    const wanted = [fusion.state === "finished" ? fusion.output_id : null, picked && picked.output_id, ...this.outputs.map(({ id }) => id)].filter(Boolean);
    return [...new Set(wanted)].slice(0, 2);
  }

  pair(first, second) {
    this.first.value = first;
    this.second.value = second;
  }

  /* Asked for from elsewhere: this one against that one. */
  compare(first, second) {
    this.pair(first, second);
    this.caseView.screen.note({ first, second });
    if (this.outputs) this.load();
  }

  turn() {
    this.pair(this.second.value, this.first.value);
    this.chosen();
  }

  chosen() {
    this.caseView.screen.note({ first: this.first.value, second: this.second.value, level: this.level === "word" ? null : this.level });
    this.load();
  }

  async load() {
    const [first, second] = [this.first.value, this.second.value];
    const asked = `${this.caseView.runId} ${first} ${second} ${this.level}`;
    if (asked === this.asked) return;
    this.asked = asked;
    if (!first || !second) return this.refuse("There are no two texts to compare.");
    if (first === second) return this.refuse("This is one and the same text: choose another.");
    write(this.said, "Comparing …");
    const query = new URLSearchParams({ first, second, level: this.level });
    try {
      const told = await this.caseView.call(`/diff?${query}`);
      if (asked === this.asked) this.lay(told, first, second);
    } catch (error) {
      if (asked === this.asked) this.refuse(`They could not be compared: ${error.message}`);
    }
    return null;
  }

  refuse(words) {
    this.box.replaceChildren();
    write(this.said, words);
    if (words.startsWith("They")) this.asked = null;
  }

  lay(told, first, second) {
    const sides = [[first, told.first], [second, told.second]].map(([id, pieces]) => ({ name: this.outputs.find((output) => output.id === id).name, pieces, share: caseShare(pieces) }));
    write(this.said, sides.every(({ share }) => share === 1) ? "Both texts are the same." : sides.map(({ name, share }) => `${name}: ${caseTold(share)} shared`).join(" · "));
    this.box.replaceChildren(...sides.map((side) => this.side(side)));
  }

  side({ name, pieces }) {
    const text = el("div", { class: "case-diff-text" });
    const lines = caseLines(pieces);
    const { asked } = this;
    const slice = (from) => {
      if (asked !== this.asked) return;
      let [until, size] = [from, 0];
      while (until < lines.length && size < CASE_SLICE) size += lines[until++].size + 1;
      text.append(...lines.slice(from, until).map(caseLine));
      if (until < lines.length) later(() => slice(until));
    };
    slice(0);
    return el("section", { "aria-label": `Words of: ${name}`, tabindex: "0" }, el("h3", { class: "lab-h3", text: name }), text);
  }
}

/* Every text of a case once: the fusion, then the candidates, the pick named as such. */
function caseOutputs({ candidates, best, fusion }) {
  const isPick = (position) => best.state === "done" && best.position === position;
  const named = candidates.filter(({ output_id: id, text }) => id && text).map(({ output_id: id, position, member }) => ({ id, name: `Candidate ${position}${isPick(position) ? ", the pick" : ""} (${member})` }));
  return [...(fusion.state === "finished" ? [{ id: fusion.output_id, name: "Fused answer" }] : []), ...named];
}

function caseShare(pieces) {
  const size = (wanted) => pieces.reduce((sum, [text, isShared]) => sum + (wanted(isShared) ? text.trim().length : 0), 0);
  return size(() => true) ? size((isShared) => isShared) / size(() => true) : 1;
}

/* Never rounded up to all or down to nothing. */
function caseTold(share) {
  const words = Math.round(100 * share);
  return share === 1 ? "100 %" : share === 0 ? "0 %" : `${Math.min(Math.max(words, 1), 99)} %`;
}

/* The pieces by lines of the text. */
function caseLines(pieces) {
  const lines = [{ parts: [], size: 0 }];
  for (const [text, isShared] of pieces) {
    text.split("\n").forEach((words, at) => {
      if (at) lines.push({ parts: [], size: 0 });
      const line = lines[lines.length - 1];
      if (words) line.parts.push([words, isShared]);
      line.size += words.length;
    });
  }
  return lines;
}

/* What only one text says is an insertion, underlined for the eye and named so to a screen reader. */
function caseLine({ parts }) {
  const drawn = parts.map(([words, isShared]) => el(isShared || !words.trim() ? "span" : "ins", { class: isShared ? "is-same" : null, text: words }));
  return el("div", { class: "case-diff-line", dir: "auto" }, ...(drawn.length ? drawn : [el("br")]));
}
