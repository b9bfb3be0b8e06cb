/* The composer's own parts: the example chips, and the wiring of Compare and Stop to the run on the board. Builds on
   dom.js. */

const root = element.querySelector(".fx");
const { examples } = props.value;

const chips = el("div", { class: "fx-examples", role: "group", "aria-label": "Examples" });
const note = el("p", { class: "fx-example-note", "aria-live": "polite" });

function promptBox() { return document.querySelector("#prompt textarea, #prompt input"); }

function choose(example, chip) {
  const box = promptBox();
  if (!box) return;
  box.value = example.text;
  box.dir = "auto";
  box.dispatchEvent(new Event("input", { bubbles: true }));
  mark(example, chip);
}

function mark(example, chip) {
  for (const each of chips.querySelectorAll("button")) each.setAttribute("aria-pressed", String(each === chip));
  note.textContent = example ? example.note : "";
}

for (const example of examples) {
  const chip = el("button", { type: "button", class: "fx-chip-button", "aria-pressed": "false", click: () => choose(example, chip) },
    el("span", { class: "fx-chip-lang", text: example.language }), el("span", { text: example.title }));
  chips.append(chip);
}
root.append(el("h2", { class: "fx-examples-head", text: "Examples" }), chips, note);

// The note belongs to the example in the box: it goes when the person writes something else.
function follow() {
  const box = promptBox();
  const stop = control("stop");
  if (!box || !stop) { requestAnimationFrame(follow); return; }
  box.dir = "auto";
  allow();
  new MutationObserver(allow).observe(stop, { attributes: true, attributeFilter: ["disabled"] }); // Gradio sets it, too
  const fitting = () => {
    const at = examples.findIndex((example) => example.text === box.value.trim());
    mark(examples[at], chips.children[at]);
  };
  box.addEventListener("input", fitting);
  setTimeout(fitting, 300);
}
let live = null;
const control = (id) => document.querySelector("#" + id);
function allow() {
  const stop = control("stop");
  if (stop && stop.disabled !== !live) stop.disabled = !live;
}
document.addEventListener("fx-run", (event) => {
  live = event.detail.state === "live" ? event.detail.run : null;
  allow();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("#stop") || !live) return;
  fetch("/api/runs/" + encodeURIComponent(live) + "/stop", { method: "POST" });
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === promptBox()) {
    event.preventDefault();
    control("compare")?.click();
  }
});
follow();
