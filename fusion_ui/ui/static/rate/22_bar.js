/* The page's own bar: brand, study, how far one is, what is saved. It leads nowhere but to help. */

class RateBar {
  constructor(screen) {
    this.title = el("h1", { class: "rate-title", text: "Rate", dir: "auto" });
    this.place = el("span", { class: "rate-place-words" });
    this.meter = el("progress", { max: "1", value: "0", "aria-label": "Progress" });
    this.pace = el("span", { class: "rate-pace fx-hint" });
    this.status = el("div", { class: "rate-status", role: "status" });
    const tool = (id, words, act) => {
      const node = button(words, null, act, { class: "fx-btn fx-quiet" });
      node.append(screen.keys.cap(id));
      return node;
    };
    this.history = tool("history", "History", () => screen.history.ask());
    this.guide = tool("guide", "Guide", () => screen.guide.open());
    this.help = el("button", { type: "button", class: "fx-btn fx-quiet", "aria-label": "Keys", click: () => screen.sheet.ask() }, el("kbd", { "aria-hidden": "true", text: "?" }));
    this.theme = button("Light / dark", null, () => theme.turn(), { class: "fx-btn fx-quiet rate-theme" });
    this.node = el("header", { class: "rate-bar" }, el("span", { class: "fx-brand" }, el("span", { class: "fx-logo", "aria-hidden": "true" }), el("span", { class: "rate-brand-words", text: "Fusion UI" })),
      this.title, el("div", { class: "rate-progress" }, this.place, this.meter, this.pace), this.status, el("div", { class: "rate-bar-tools" }, this.history, this.guide, this.help, this.theme));
    theme.restore();
  }

  /* How far: items and pace, never whether they were right. */
  tell({ trial, progress, isPast }) {
    const { done = 0, mine = 0, median_seconds: pace } = progress || {};
    write(this.place, trial ? `${trial.kind === "training" ? "Training item" : "Item"} ${trial.number} / ${Math.max(mine, trial.number)} · ${done} done${isPast ? " · decided before" : ""}` : "");
    show(this.meter, mine);
    this.meter.max = Math.max(mine, 1);
    this.meter.value = done;
    write(this.pace, pace ? `about ${told(pace)} each` : "");
  }
}
