/* Parts of forms: a field with its label, one-of-several choices, and a long computation that can be left. */

const LAB = "/api/lab";
let serial = 0; // ids within this page

function field(label, input, hint) {
  const id = `lab-${++serial}`;
  input.id = id;
  if (hint) input.setAttribute("aria-describedby", `${id}-hint`);
  return el("div", { class: "lab-field" }, el("label", { for: id, text: label }), input, hint ? el("span", { class: "fx-hint", id: `${id}-hint`, text: hint }) : null);
}

function numberInput(value, { min, max, step = 1, change, ...rest }) {
  return el("input", { class: "fx-input lab-number", type: "number", min: String(min), max: String(max), step: String(step), value: String(value), inputmode: "decimal", change, ...rest });
}

/* Radio buttons drawn as one strip. */
class Choices {
  constructor(legend, options, value, change, { isQuiet } = {}) {
    const name = `lab-${++serial}`;
    this.inputs = options.map(([words, key]) => {
      const input = el("input", { type: "radio", name, value: key, change: () => change(key) });
      return { key, input, label: el("label", {}, input, el("span", { text: words })) };
    });
    this.node = el("fieldset", { class: "lab-choices" }, el("legend", { class: isQuiet ? "fx-sr" : null, text: legend }),
      el("div", { class: "fx-choices" }, ...this.inputs.map(({ label }) => label)));
    this.set(value);
  }

  set(value) {
    for (const { key, input } of this.inputs) input.checked = key === value;
  }

  /* An option that cannot be had yet is not shown. */
  offer(key, isOffered) {
    for (const each of this.inputs) if (each.key === key) show(each.label, isOffered);
  }
}

function check(words, isChecked, change, ...more) {
  const input = el("input", { type: "checkbox", change: () => change(input.checked) });
  input.checked = isChecked;
  const node = el("label", { class: "fx-check lab-check" }, input, typeof words === "string" ? el("span", { text: words }) : words, ...more);
  return { node, input };
}

/* A button for work that may take long: it tells what runs and for how many seconds, and waiting can be given up. */
class Task {
  constructor(words, doing, work) {
    Object.assign(this, { words, doing, work });
    this.go = button(words, "arrow", () => this.run(), { class: "fx-btn fx-primary" });
    this.leave = button("Stop waiting", "cross", () => this.controller.abort(), { class: "fx-btn", hidden: true });
    this.said = el("span", { class: "fx-hint", role: "status" });
    this.trouble = el("div", { class: "fx-alert", role: "alert" });
    this.node = el("div", { class: "lab-task" }, el("div", { class: "lab-task-row" }, this.go, this.leave, this.said), this.trouble);
  }

  async run() {
    if (this.controller) return;
    this.controller = new AbortController();
    this.trouble.replaceChildren();
    const began = performance.now();
    const seconds = () => Math.floor((performance.now() - began) / 1000);
    const ticking = setInterval(() => relabel(this.go, `${this.doing} … ${seconds()} s`), 1000);
    this.look(`${this.doing} …`, true);
    write(this.said, "");
    try {
      await this.work(this.controller.signal);
      write(this.said, `Done in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
    } catch (error) {
      if (this.controller.signal.aborted) write(this.said, "No longer waiting. If the server finishes it, it will be among the reports.");
      else this.trouble.replaceChildren(complaint(error.message));
    } finally {
      clearInterval(ticking);
      this.controller = null;
      this.look(this.words, false);
    }
  }

  look(words, isRunning) {
    relabel(this.go, words);
    if (isRunning) this.go.setAttribute("aria-disabled", "true");
    else this.go.removeAttribute("aria-disabled");
    show(this.leave, isRunning);
  }
}

/* One card of the page. */
function section(title, hint, id) {
  const heading = `lab-${++serial}`;
  const body = el("div", { class: "lab-body" });
  const aside = el("span", { class: "lab-aside" });
  const node = el("section", { class: "fx-card lab-section", id: `lab-${id}`, "aria-labelledby": heading },
    el("header", {}, el("div", {}, el("h2", { class: "fx-h", id: heading, text: title }), el("p", { class: "fx-hint", text: hint })), aside), body);
  return { node, body, aside };
}

/* A table in a box that scrolls sideways on a narrow screen and can be reached by the keyboard there. */
function table(caption, heads, rows, { className = "" } = {}) {
  const cell = (content, tag, props) => (content instanceof Node ? el(tag, props, content) : el(tag, props, String(content)));
  const body = el("tbody", {}, ...rows.map(([first, ...rest]) => el("tr", {}, cell(first, "th", { scope: "row" }), ...rest.map((each) => cell(each, "td")))));
  const head = el("thead", {}, el("tr", {}, ...heads.map((words) => cell(words, "th", { scope: "col" }))));
  const node = el("table", { class: `lab-table ${className}` }, el("caption", { class: "fx-sr", text: caption }), head, body);
  return el("div", { class: "lab-scroll", tabindex: "0", role: "region", "aria-label": caption }, node);
}
