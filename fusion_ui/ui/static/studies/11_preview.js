/* What the form would make: counts, what is left out and why, and one item as people will see it. */

class Preview {
  constructor({ mask, step }) {
    Object.assign(this, { mask, step });
    Object.assign(this, section("Preview", "What this study would be; nothing is stored yet.", "preview"));
    this.counts = el("div", { class: "st-counts", role: "status" });
    this.notes = el("div", { class: "st-notes" });
    this.place = el("span", { class: "st-figures" });
    this.before = button("Previous", null, () => step(-1), { class: "fx-btn fx-quiet" });
    this.after = button("Next", null, () => step(1), { class: "fx-btn fx-quiet" });
    this.sample = el("div", { class: "st-sample" });
    this.shown = el("div", { class: "st-group", hidden: true }, el("div", { class: "st-spread" }, el("h3", { class: "lab-h3", text: "As people will see it" }), el("span", { class: "st-row" }, this.before, this.place, this.after)), this.sample);
    this.trouble = el("div", { class: "fx-alert", role: "alert" });
    this.body.append(this.trouble, this.counts, this.notes, this.shown);
    this.wait("Choose what is compared, which answers and who judges.");
  }

  wait(words) {
    this.counts.replaceChildren(el("p", { class: "fx-hint", text: words }));
    this.notes.replaceChildren();
    show(this.shown, false);
    this.trouble.replaceChildren();
  }

  refuse(words) {
    this.wait("");
    this.trouble.replaceChildren(complaint(words));
  }

  draw(preview, { overlap, raters, show: place }) {
    this.trouble.replaceChildren();
    const people = raters.length ? `each of ${counted(raters.length, "person", "people")}` : overlap > 1 ? `each, if ${plain(overlap)} people share it` : "one person";
    const figure = (number, words) => el("p", { class: "st-figure" }, el("strong", { text: number }), " ", el("span", { text: words }));
    this.counts.replaceChildren(figure(plain(preview.units), preview.units === 1 ? "item" : "items"), figure(plain(preview.trials), preview.trials === 1 ? "judgement" : "judgements"),
      preview.units ? figure(minutes(preview.minutes_per_rater), `for ${people}, ${counted(preview.trials_per_rater, "trial")} at ${plain(preview.seconds_per_trial, 0)} s`) : "");
    this.notes.replaceChildren(...this.remarks(preview));
    this.showSample(preview, place);
  }

  remarks({ units, identical, left_out: out, left_out_count: lost, self_naming: named, self_naming_count: naming, is_masked, contrasts, training, gold }) {
    const said = [];
    if (!units) said.push(el("p", { class: "fx-warning" }, icon("warn"), el("span", { text: "There is nothing to judge: choose other answers or compare other outputs." })));
    if (contrasts.length > 1) said.push(el("p", { class: "fx-hint", text: contrasts.map((each) => `${contrastName(each.roles)}: ${plain(each.units)}`).join(" · ") }));
    if (training || gold) said.push(el("p", { class: "fx-hint", text: `${counted(training, "training item")}, ${counted(gold, "check")} among the others.` }));
    if (identical) said.push(el("p", { class: "fx-hint", text: `${counted(identical, "item has", "items have")} identical answers: recorded as such, shown to nobody.` }));
    if (naming) {
      said.push(el("div", { class: "st-note" }, el("p", { class: is_masked ? "fx-hint" : "fx-warning" }, icon(is_masked ? "check" : "warn"), el("span", { text: `${counted(naming, "answer tells", "answers tell")} who wrote ${naming === 1 ? "it" : "them"}${is_masked ? "; the phrases are masked." : "."}` })),
        is_masked ? null : button("Mask the phrases", null, this.mask),
        fold("Which", named.map(({ prompt, role, member, phrases }) => [`${roleName(role)}${member ? ` (${member})` : ""}: `, phrases.map((phrase) => `“${phrase}”`).join(", "), `, in “${clipped(prompt, 60)}”`]), naming)));
    }
    if (lost) said.push(fold(`${counted(lost, "run")} left out`, out.map(({ prompt, reason }) => [`“${clipped(prompt, 70)}”: `, reason]), lost));
    return said;
  }

  showSample({ sample, units }, place) {
    show(this.shown, sample);
    if (!sample) return;
    write(this.place, `${plain(Math.min(place, units - 1) + 1)} / ${plain(units)}`);
    this.before.disabled = place <= 0;
    this.after.disabled = place >= units - 1;
    if (sameJson(sample, this.drawn)) return;
    this.drawn = sample;
    this.sample.replaceChildren(...(sample.instructions_html ? [disclosure("Instructions", rendered("Instructions", sample.instructions_html, ""))] : []),
      el("div", { class: "st-prompt" }, rendered("Prompt", sample.prompt_html, sample.prompt)),
      sample.reference_html ? disclosure("Reference answer", rendered("Reference answer", sample.reference_html, "")) : "",
      el("div", { class: "st-answers" }, ...sample.answers.map(({ letter, html, text }) => el("article", { class: "st-answer", "aria-label": `Answer ${letter}` }, el("h4", { text: letter }), rendered(`Text of answer ${letter}`, html, text)))));
  }
}

function rendered(label, html, text) {
  const prose = new Prose(label);
  prose.finish(html, text);
  return prose.node;
}

function fold(summary, lines, count) {
  const more = count > lines.length ? [el("li", { text: `and ${plain(count - lines.length)} more` })] : [];
  return disclosure(summary, el("ul", { class: "fx-list st-fold" }, ...lines.map((words) => el("li", { dir: "auto" }, ...words)), ...more));
}
