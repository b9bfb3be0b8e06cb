/* What a person can say on a card: stars, and "I prefer this one". Both write to the same draft as the rating panel. */

class Stars {
  constructor(rating, output, name) {
    this.rating = rating;
    this.output = output;
    this.radios = [1, 2, 3, 4, 5].map((stars) => el("input", {
      type: "radio", name: `fx-stars-${newKey()}`, value: stars, "aria-label": stars === 1 ? "1 star" : `${stars} stars`,
      change: () => rating.setStars(output, stars),
    }));
    for (const radio of this.radios) radio.name = this.radios[0].name;
    this.clear = el("button", { type: "button", class: "fx-clear", "aria-label": `No stars for ${name}`, hidden: true,
      click: () => { rating.setStars(output, 0); this.radios[0].focus(); } }, icon("cross"));
    this.node = el("fieldset", { class: "fx-stars" }, el("legend", { class: "fx-sr", text: `Stars for ${name}` }),
      ...this.radios.map((radio) => el("label", {}, radio, el("span", { "aria-hidden": "true" }))), this.clear);
  }

  draw(stars) {
    this.radios.forEach((radio, at) => { radio.checked = at + 1 === stars; });
    show(this.clear, stars > 0);
  }
}

class Verdict {
  constructor(rating, output, stars, name) {
    this.output = output;
    this.starred = stars;
    this.stars = stars && new Stars(rating, stars, name);
    this.prefer = button("Prefer", "heart", () => rating.prefer(rating.draft.preferred === output ? null : output),
      { "aria-pressed": "false", "aria-label": `Prefer ${name}`, class: "fx-btn fx-preferer" });
    this.node = el("div", { class: "fx-verdict", hidden: true }, this.stars && this.stars.node, this.prefer);
    rating.verdicts.push(this);
  }

  draw(draft) {
    if (this.stars) this.stars.draw(draft.stars[this.starred] || 0);
    this.prefer.setAttribute("aria-pressed", String(draft.preferred === this.output));
  }
}
