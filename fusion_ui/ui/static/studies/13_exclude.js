/* Leaving somebody's judgements out, or one of them, and taking them in again: with a reason, recorded, reversible. */

const WHY_OUT = ["answers too fast", "failed the checks", "did not follow the instructions", "knew who wrote what", "asked to be left out"];

function excludeSheet({ page, study, what, target, isExcluded, done }) {
  const sheet = new Sheet(isExcluded ? `Count ${what} again?` : `Leave out ${what}?`, { className: "is-small", isWritten: true });
  const reason = el("textarea", { class: "fx-input", rows: "3", maxlength: "1000" });
  const usual = isExcluded ? [] : WHY_OUT.map((words) => button(words, null, () => {
    reason.value = words;
    reason.focus();
  }, { class: "fx-btn" }));
  const act = command(isExcluded ? "Count again" : "Leave out", isExcluded ? "redo" : "cross", async () => {
    if (!reason.value.trim()) {
      reason.focus();
      throw new Error("A reason is needed: it stands in the study’s record.");
    }
    await post(`${STUDIES}/${encodeURIComponent(study)}/exclusions`, { ...target, is_excluded: !isExcluded, reason: reason.value.trim() });
    sheet.close();
    await done();
  }, { class: "fx-btn fx-primary" });
  sheet.body.append(el("p", { text: isExcluded ? "From now on results include it again. Both decisions stay on record." : "Nothing is deleted: results are reckoned without it, exports mark it, and it can be counted again at any time." }),
    el("div", { class: "st-row" }, ...usual), field("Reason", reason), act.node);
  sheet.open(page.root);
  reason.focus();
}
