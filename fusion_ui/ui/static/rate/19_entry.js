/* The way in: the rater's name, asked once, and which study. */

class Entry {
  constructor({ onName, onStudy }) {
    this.onStudy = onStudy;
    this.name = el("input", { class: "fx-input", id: "rate-name", autocomplete: "nickname", maxlength: "80", required: true, dir: "auto" });
    this.ask = el("form", { class: "rate-ask", submit: (event) => { event.preventDefault(); if (this.name.value.trim()) onName(this.name.value.trim()); } },
      el("label", { for: "rate-name", text: "Your name" }), this.name, el("p", { class: "fx-hint", text: "Stored with your judgements, asked only once on this device." }),
      el("button", { type: "submit", class: "fx-btn fx-primary", text: "Start" }));
    this.studies = el("ul", { class: "rate-studies", "aria-label": "Studies" });
    this.title = el("h2", { class: "fx-h" });
    this.as = el("p", { class: "fx-hint" });
    this.node = el("section", { class: "rate-entry fx-card", "aria-label": "Start", hidden: true }, this.title, this.ask, this.studies, this.as);
  }

  askName() {
    write(this.title, "Who is rating?");
    show(this.ask, true);
    show(this.studies, false);
    show(this.as, false);
    show(this.node, true);
    this.name.focus();
  }

  askStudy(studies, rater, onForget) {
    write(this.title, studies.length ? "Choose a study" : "No study is waiting for you");
    this.studies.replaceChildren(...studies.map((study) => el("li", {}, el("button", { type: "button", class: "rate-study", click: () => this.onStudy(study) },
      el("strong", { text: study.title, dir: "auto" }), el("span", { class: "fx-hint", text: `${study.done} of ${study.mine} done` })))));
    this.as.replaceChildren("Rating as ", foreign(rater), onForget ? button("Somebody else", null, onForget, { class: "fx-btn fx-quiet" }) : "");
    show(this.ask, false);
    show(this.studies, true);
    show(this.as, true);
    show(this.node, true);
  }
}
