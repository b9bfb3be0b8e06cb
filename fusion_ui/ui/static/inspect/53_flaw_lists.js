/* The flaws of a case as lists: one's own, which can be changed; those of other people beside them; and, apart from
   both, what a model suggests. */

const FLAW_DISMISSED = "fx-inspect-dismissed:";
const FLAW_SEVERITIES = ["0", "1", "2", "3"];

class FlawRows {
  constructor(tab, { title, empty, className }) {
    this.tab = tab;
    this.empty = el("p", { class: "fx-hint", text: empty });
    this.list = el("ol", { class: `ct-flaws ${className}`, "aria-label": title });
    this.node = tabSection(title, this.empty, this.list);
  }

  /* Rows that did not change stay, and with them the focus. */
  draw(rows, make) {
    const known = new Map([...this.list.children].map((node) => [node.dataset.told, node]));
    const nodes = rows.map((row) => {
      const told = JSON.stringify(row);
      const node = known.get(told) || el("li", { "data-told": told }, ...make(row));
      return node;
    });
    const held = this.list.contains(document.activeElement) ? [...this.list.children].indexOf(document.activeElement.closest("li")) : -1;
    if (nodes.length !== this.list.children.length || nodes.some((node, at) => this.list.children[at] !== node)) this.list.replaceChildren(...nodes);
    const again = this.list.children[Math.min(held, nodes.length - 1)];
    if (held >= 0 && again && !this.list.contains(document.activeElement)) again.querySelector("button").focus();
    show(this.list, rows.length);
    show(this.empty, !rows.length);
  }

  /* What it says, as a button that goes there. */
  jump(row) {
    const { store } = this.tab;
    const column = this.tab.columnOf(row.output_id);
    const words = row.start === null ? "the whole text" : `“${clipped(column ? wordsAt(column.text, row) : row.quote || "", 80)}”`;
    return el("button", { type: "button", class: "ct-flaw-jump", click: () => this.tab.jump(row) },
      el("b", { text: row.mark }), " ", el("span", { text: `${column ? capital(column.name) : "An output"}, ${store.named(row)}: ` }), foreign(words, "ct-quote"));
  }

  note(row) {
    return row.note ? el("p", { class: "ct-flaw-note", dir: "auto", text: row.note }) : null;
  }
}

class FlawsOfMine extends FlawRows {
  constructor(tab) {
    super(tab, { title: "Yours", className: "is-mine", empty: "You have marked nothing here yet. Select words in a text of this case, then press the letter of a class and the digit of how bad it is." });
  }

  drawRows(rows) {
    this.draw(rows, (row) => {
      const isFixed = row.from === "study";
      return [this.jump(row), isFixed ? badge("plain", null, foreign(`Study: ${row.study.title}`)) : null, row.refusal ? badge("warn", "warn", "Not stored") : row.isPending ? badge("plain", "clock", "Saving") : null, this.note(row),
        isFixed ? null : el("span", { class: "ct-flaw-tools" },
          button("Change", "pen", () => this.tab.bar.open(row.id), { class: "fx-btn fx-quiet", "aria-label": `Change ${row.mark}` }),
          button("Remove", "cross", () => this.tab.remove(row.id), { class: "fx-btn fx-quiet", "aria-label": `Remove ${row.mark}` }))].filter(Boolean);
    });
  }
}

class FlawsOfOthers extends FlawRows {
  constructor(tab) {
    super(tab, { title: "Other people’s", className: "is-others", empty: "Nobody else has marked anything here." });
  }

  drawRows(rows) {
    this.draw(rows, (row) => [
      el("p", { class: "ct-who" }, foreign(row.rater, "ct-name"), row.study ? badge("plain", null, foreign(`Study: ${row.study.title}`)) : null,
        row.is_excluded ? badge("warn", "leave", "Left out of its study") : null, row.created_at ? el("span", { class: "fx-hint", text: moment(row.created_at) }) : null),
      this.jump(row), this.note(row)].filter(Boolean));
  }
}

class FlawSuggestions extends FlawRows {
  constructor(tab) {
    super(tab, { title: "Suggested by a model", className: "is-suggested", empty: "No model was asked about these texts, or none found anything." });
    this.node.classList.add("is-model");
    this.restore = button("Show what was dismissed", "redo", () => this.dismiss([]), { class: "fx-btn fx-quiet" });
    this.asking = new FlawAsking(tab);
    this.list.before(el("p", { class: "fx-hint", text: "Not a person’s judgement: counted nowhere unless somebody takes it over." }), this.asking.node);
    this.list.after(this.restore);
  }

  get dismissed() {
    return memory.get(FLAW_DISMISSED + this.tab.caseView.runId) || [];
  }

  dismiss(ids) {
    memory.set(FLAW_DISMISSED + this.tab.caseView.runId, ids.length ? ids : null);
    this.tab.changed();
  }

  get shown() {
    const { dismissed } = this;
    return this.tab.store.suggestions.filter(({ id }) => !dismissed.includes(id));
  }

  drawRows() {
    const { shown, dismissed } = this;
    const mine = new Set(this.tab.store.flaws.filter((flaw) => flaw.is_mine).map((flaw) => flaw.suggestion_id));
    this.draw(shown.map((row) => ({ ...row, isMine: mine.has(row.id) })), (row) => this.row(row));
    show(this.restore, this.tab.store.suggestions.some(({ id }) => dismissed.includes(id)));
    this.asking.draw();
  }

  row(row) {
    const others = row.taken_by.filter((name) => name !== this.tab.person.name);
    return [
      el("p", { class: "ct-who" }, badge("plain", "think", foreign(row.member)), ...(others.length ? [el("span", { class: "fx-hint" }, "Taken over by ", foreign(others.join(", ")))] : [])),
      this.jump(row), this.note(row),
      el("span", { class: "ct-flaw-tools" },
        row.isMine ? badge("ok", "check", "Taken over by you") : button("Take over", "check", () => this.tab.takeOver(row), { "aria-label": `Take over ${row.mark}` }),
        button("Dismiss from view", "cross", () => this.dismiss([...this.dismissed, row.id]), { class: "fx-btn fx-quiet", "aria-label": `Dismiss ${row.mark} from view` })),
    ].filter(Boolean);
  }
}

/* Asks a judge model for flaws of one text: how long it has been at it, and what went wrong in plain words. */
class FlawAsking {
  constructor(tab) {
    this.tab = tab;
    this.output = el("select", { class: "fx-input", "aria-label": "Text to be looked at" });
    this.judge = el("select", { class: "fx-input", "aria-label": "Judge model" });
    this.control = button("Suggest flaws", "think", () => this.ask(newKey()));
    this.said = el("p", { class: "ct-asking fx-hint", "aria-live": "polite" });
    this.alert = el("div", { class: "fx-alert" });
    this.form = el("div", { class: "ct-row" }, this.output, this.judge, this.control);
    this.node = el("div", { class: "ct-ask" }, this.form, this.said, this.alert);
  }

  draw() {
    const { judges } = this.tab.store.told;
    show(this.form, judges.length);
    if (!judges.length) write(this.said, "No model can be asked here: add one on the Setup page.");
    this.options(this.judge, judges.map((name) => [name, name]));
    show(this.judge, judges.length > 1);
    this.options(this.output, this.tab.outputs.map((column) => [column.outputId, capital(column.name)]));
  }

  options(select, pairs) {
    const told = JSON.stringify(pairs);
    if (select.dataset.told === told) return;
    select.dataset.told = told;
    const { value } = select;
    select.replaceChildren(...pairs.map(([key, words]) => el("option", { value: key, text: words })));
    if (pairs.some(([key]) => key === value)) select.value = value;
  }

  async ask(key) {
    if (this.isAsking) return;
    const { caseView, store, person } = this.tab;
    const run = caseView.runId;
    const asked = { output_id: this.output.value, member: this.judge.value };
    const name = this.output.selectedOptions[0].textContent;
    this.begin(asked.member, name);
    try {
      const reply = await new CaseCalls(run).ask("/suggest", { key, rater: person.name, ...asked });
      if (run !== caseView.runId) return;
      store.take(reply);
      this.finish(reply.askings.find(({ id }) => id === reply.saved.id), name);
    } catch (error) {
      if (run === caseView.runId) this.fail(error.message, () => this.ask(key));
    } finally {
      this.end();
    }
  }

  begin(member, name) {
    const began = performance.now();
    const tell = () => write(this.said, `${member} is reading ${name} … ${Math.round((performance.now() - began) / 1000)} s`);
    this.isAsking = true;
    this.control.setAttribute("aria-disabled", "true");
    this.alert.replaceChildren();
    tell();
    this.ticking = setInterval(tell, 1000);
  }

  end() {
    this.isAsking = false;
    clearInterval(this.ticking);
    this.control.removeAttribute("aria-disabled");
  }

  finish({ member, failure, suggestions }, name) {
    if (failure) this.fail(`${member} could not suggest flaws of ${name}: ${failure.message}`, () => this.ask(newKey()));
    else write(this.said, suggestions ? `${member} suggests ${counted(suggestions, "flaw")} in ${name}.` : `${member} found nothing wrong with ${name}.`);
  }

  fail(words, again) {
    write(this.said, "");
    this.alert.replaceChildren(tabNotice(words, button("Try again", "redo", again)));
  }
}
