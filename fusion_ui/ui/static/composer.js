// The composer's own parts: the example chips, and the wiring of Compare and Stop to the run on the board.
const make = (tag, cls, text) => { const e = document.createElement(tag); if (cls) e.className = cls; if (text) e.textContent = text; return e; };
const root = element.querySelector('.fx');
const { examples } = props.value;

const chips = make('div', 'fx-examples');
chips.setAttribute('role', 'group');
chips.setAttribute('aria-label', 'Examples');
const note = make('p', 'fx-example-note');
note.setAttribute('aria-live', 'polite');

function promptBox() { return document.querySelector('#prompt textarea, #prompt input'); }

function choose(example, chip) {
  const box = promptBox();
  if (!box) return;
  box.value = example.text;
  box.dir = 'auto';
  box.dispatchEvent(new Event('input', { bubbles: true }));
  show(example, chip);
}

function show(example, chip) {
  for (const each of chips.querySelectorAll('button')) each.setAttribute('aria-pressed', String(each === chip));
  note.textContent = example ? example.note : '';
}

for (const example of examples) {
  const chip = make('button', 'fx-chip-button');
  chip.type = 'button';
  chip.setAttribute('aria-pressed', 'false');
  const language = make('span', 'fx-chip-lang', example.language);
  chip.append(language, make('span', '', example.title));
  chip.addEventListener('click', () => choose(example, chip));
  chips.append(chip);
}
root.append(make('h2', 'fx-examples-head', 'Examples'), chips, note);

// The note belongs to the example in the box: it goes when the person writes something else.
function follow() {
  const box = promptBox();
  const stop = button('stop');
  if (!box || !stop) { requestAnimationFrame(follow); return; }
  box.dir = 'auto';
  mark();
  new MutationObserver(mark).observe(stop, { attributes: true, attributeFilter: ['disabled'] }); // Gradio sets it, too
  const fitting = () => {
    const at = examples.findIndex((example) => example.text === box.value.trim());
    show(examples[at], chips.children[at]);
  };
  box.addEventListener('input', fitting);
  setTimeout(fitting, 300);
}
let live = null;
const button = (id) => document.querySelector('#' + id);
function mark() {
  const stop = button('stop');
  if (stop && stop.disabled !== !live) stop.disabled = !live;
}
document.addEventListener('fx-run', (event) => {
  live = event.detail.state === 'live' ? event.detail.run : null;
  mark();
});
document.addEventListener('click', (event) => {
  if (!event.target.closest('#stop') || !live) return;
  fetch('/api/runs/' + encodeURIComponent(live) + '/stop', { method: 'POST' });
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target === promptBox()) {
    event.preventDefault();
    button('compare')?.click();
  }
});
follow();
