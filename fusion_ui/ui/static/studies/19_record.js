/* What a report needs to name: the definition with its hash, phrases that name an author, and every exclusion. */

class Leaks {
  constructor(board) {
    this.board = board;
    Object.assign(this, section("Answers that name their author", "Found in the texts when the study was made.", "leaks"));
    this.rows = new Rows("Answers that name their author", ["Item", "Output", "Phrases", "Shown"]);
    this.body.append(this.rows.node);
  }

  draw({ leaks }) {
    show(this.node, leaks.length);
    this.rows.draw(leaks, ({ place, role }) => `${place} ${role}`, ({ place, prompt, role, member, phrases, is_masked: isMasked }) => [
      placeLink(clipped(prompt, 80), { study: this.board.id, unit: String(place) }, this.board.page.go), el("span", {}, roleName(role), member ? foreign(` ${member}`, "fx-hint") : null),
      foreign(phrases.map((phrase) => `“${phrase}”`).join(", ")), isMasked ? "masked" : warned("as written", true)]);
  }
}

class Exclusions {
  constructor() {
    Object.assign(this, section("Left out, and counted again", "Every decision, newest first.", "exclusions"));
    this.rows = new Rows("Exclusions", ["What", "Decision", "Reason", "By", "When"]);
    this.body.append(this.rows.node);
  }

  draw({ exclusions }) {
    show(this.node, exclusions.length);
    this.rows.draw(exclusions, ({ id }) => id, ({ rater, unit_place: unit, is_excluded: isOut, reason, by, created_at }) => [
      unit === null ? foreign(`all of ${rater}`) : foreign(`item ${unit + 1}${rater ? ` by ${rater}` : ""}`), isOut ? "left out" : "counted again", foreign(reason), foreign(by || "–"), el("time", { datetime: created_at, text: moment(created_at) })]);
  }
}

class Definition {
  constructor() {
    Object.assign(this, section("Definition", "", "definition"));
    this.list = el("div", { class: "st-group" });
    this.body.append(this.list);
  }

  draw(board) {
    const { protocol, counts, definition_sha256: hash, version, supersedes, is_frozen: isFrozen, frozen_at: frozen } = board;
    const told = JSON.stringify([protocol, hash, version, isFrozen, counts.identical]);
    if (told === this.told) return;
    this.told = told;
    write(this.hint, isFrozen ? `Frozen since the first judgement${frozen ? `, ${moment(frozen)}` : ""}: a change makes a new version.` : "Not frozen yet: the first judgement freezes it.");
    const yes = (name, words) => (protocol[name] ? words : null);
    const says = [yes("takes_reasons", "reasons"), yes("takes_confidence", "confidence"), yes("takes_notes", "notes"), yes("takes_spans", "error spans")].filter(Boolean).join(", ");
    this.list.replaceChildren(facts([
      ["Asked", `${TASKS[protocol.task]}: ${protocol.contrasts.map(contrastName).join("; ")}`],
      ["Criteria", protocol.criteria.length ? protocol.criteria.map(({ label, anchors }) => `${label} (1 to ${anchors.length})`).join(", ") : null],
      ["People on each item", plain(protocol.overlap)], ["Blind", protocol.is_blind ? (protocol.reveals ? "yes, revealed after saving" : "yes") : "no"],
      ["Self-naming phrases", protocol.masks_names ? "masked" : "as written"], ["May say", says || "the verdict only"],
      ["Items", `${plain(counts.units)}, and ${plain(counts.training)} for training, ${plain(counts.gold)} checks, ${plain(counts.identical)} identical`],
      ["Repeats", percent(protocol.repeats)], ["Too fast under", seconds(protocol.fast_seconds)], ["Kept for", `${plain(protocol.lease_minutes)} min`], ["Seed", String(protocol.seed)],
      ["Version", supersedes ? el("span", {}, `${version}, after `, el("a", { class: "lab-open", href: addressOf({ study: supersedes }).href, text: `version ${version - 1}` })) : String(version)],
    ]), copyable("Hash of the definition (SHA-256)", hash),
      protocol.instructions ? disclosure("Instructions", el("pre", { class: "fx-raw", dir: "auto", text: protocol.instructions })) : "");
  }
}
