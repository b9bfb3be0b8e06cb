/* Parts of forms: a field with its label, one-of-several choices, and a long computation that can be left. */

let lastId = 0;
const newId = () => `fx-${++lastId}`;

function field(label, input, hint) {
  const id = newId();
  input.id = id;
  if (hint) input.setAttribute("aria-describedby", `${id}-hint`);
  return el("div", { class: "lab-field" }, el("label", { for: id, text: label }), input, hint ? el("span", { class: "fx-hint", id: `${id}-hint`, text: hint }) : null);
}

function numberInput(value, { min, max, step = 1, change, ...rest }) {
  return el("input", { class: "fx-input lab-number", type: "number", min: String(min), max: String(max), step: String(step), value: String(value), inputmode: "decimal", change, ...rest });
}

/* `options` are [words, value] pairs. */
function select(options, value, change, props) {
  const node = el("select", { class: "fx-input", change: () => change(node.value), ...props }, ...options.map(([words, key]) => el("option", { value: key, text: words })));
  node.value = value;
  return node;
}

/* Radio buttons drawn as one strip. */
class Choices {
  constructor(legend, options, value, change, { isQuiet } = {}) {
    const name = newId();
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

/* Does the work once nothing has happened for a while; `cancel` when it has been done another way. */
function settled(work, wait) {
  let waiting = 0;
  const put = () => {
    clearTimeout(waiting);
    waiting = setTimeout(work, wait);
  };
  put.cancel = () => clearTimeout(waiting);
  return put;
}
