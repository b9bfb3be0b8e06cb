"use strict";
/* Building blocks of every screen: nodes without markup strings, small icons, words, work in slices, calls, and storage
   that may be switched off.
   Only strings whose key ends in "html" or "blocks" were sanitised on the server; everything else becomes text. */

const ICONS = {
  crown: "M3 18h18M4 15 3 6l5 4 4-6 4 6 5-4-1 9z",
  merge: "M6 3v4c0 4 6 4 6 8v6M18 3v4c0 4-6 4-6 8",
  vote: "M4 20V10m5 10V4m5 16v-7m5 7V8",
  check: "M5 13l4 4L19 7",
  cross: "M6 6l12 12M18 6 6 18",
  clock: "M12 7v5l3 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  pen: "M4 20l4-1L19 8l-3-3L5 16zM14 7l3 3",
  think: "M9 18h6M10 21h4M12 3a6 6 0 0 0-4 10c1 1 1 2 1 3h6c0-1 0-2 1-3a6 6 0 0 0-4-10z",
  stop: "M5 5h14v14H5z",
  warn: "M12 4 2.5 20h19zM12 10v4m0 3v.01",
  copy: "M9 9h10v11H9zM5 15V4h10",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  code: "M8 8l-4 4 4 4m8-8 4 4-4 4",
  redo: "M20 11a8 8 0 1 0-2 6M20 4v7h-7",
  arrow: "M5 12h14m-6-6 6 6-6 6",
  heart: "M12 20S4 15 4 9a4 4 0 0 1 8-1 4 4 0 0 1 8 1c0 6-8 11-8 11z",
  tall: "M12 4v16m-4-4 4 4 4-4M8 8l4-4 4 4",
  note: "M5 4h14v12l-4 4H5zM8 9h8m-8 4h5",
};

function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "fx-icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

function button(words, name, click, props) {
  return el("button", { type: "button", class: "fx-btn", click, ...props }, name && icon(name), el("span", { text: words }));
}

function relabel(node, words) {
  write(node.querySelector("span"), words);
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function show(node, isShown) {
  if (node.hidden === !!isShown) node.hidden = !isShown;
}

function complaint(words) {
  return el("p", {}, icon("warn"), el("span", { text: words }));
}

/* A button whose work goes to the server: pressed twice, it is done once; what goes wrong is told beside it. */
function command(words, name, work, props) {
  const said = el("span", { class: "st-said", role: "alert" });
  const control = button(words, name, async () => {
    if (control.getAttribute("aria-disabled")) return;
    control.setAttribute("aria-disabled", "true");
    said.replaceChildren();
    try {
      await work();
    } catch (error) {
      said.replaceChildren(complaint(error.message));
    } finally {
      control.removeAttribute("aria-disabled");
    }
  }, props);
  return { control, node: el("span", { class: "st-command" }, control, said) };
}

function badge(kind, name, ...words) {
  return el("span", { class: `fx-chip fx-chip-${kind}` }, name && icon(name), ...words);
}

/* Foreign words inside a line: isolated, so that a right-to-left name cannot reorder what stands beside it. */
function foreign(text, className) {
  return el("bdi", { class: className, text });
}

const plain = (number, digits = 1) => number.toLocaleString("en", { maximumFractionDigits: digits });
const percent = (share, digits = 1) => (share === null || share === undefined ? "–" : `${(100 * share).toFixed(digits)} %`);
const counted = (number, one, many = `${one}s`) => `${plain(number)} ${number === 1 ? one : many}`;
const clockTime = (iso) => new Date(iso).toTimeString().slice(0, 8);
const moment = (iso) => new Date(iso).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

/* The first so many characters; a pair that stands for one character is not torn. */
function clipped(text, most) {
  const kept = Array.from(text.slice(0, 2 * most)).slice(0, most).join("");
  return kept.length < text.length ? `${kept.trimEnd()} …` : text;
}

/* What is folded away until somebody opens it. */
function disclosure(summary, ...children) {
  return el("details", { class: "fx-fold" }, el("summary", { text: summary }), ...children);
}

function hue(position) {
  return `fx-c${((position - 1) % 8) + 1}`;
}

/* Where letters are written, and keys of the page keep still. */
const TYPING = "input:not([type=radio]):not([type=checkbox]):not([type=button]), textarea, select, [contenteditable]";

const LATER = [];

/* Puts off heavy drawing and does a slice of it a frame, so that keys and scrolling are answered in between. */
function later(job) {
  LATER.push(job);
  if (LATER.length === 1) setTimeout(doSomeWork);
}

function doSomeWork() {
  const until = performance.now() + 4;
  try {
    while (LATER.length && performance.now() < until) LATER.shift()();
  } finally {
    if (LATER.length) afterFrame(doSomeWork);
  }
}

/* A hidden tab has no frames. */
function afterFrame(work) {
  if (document.hidden) setTimeout(work);
  else requestAnimationFrame(() => setTimeout(work));
}

const memory = {
  get(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch {
      /* Private windows may refuse; the page works without. */
    }
  },
  keys(prefix) {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    } catch {
      return [];
    }
  },
};

/* Light or dark, as this person chose; plain text under a name that the door page knows, too. */
const theme = {
  restore() {
    try {
      const kept = localStorage.getItem("fusion-theme");
      if (kept) document.body.classList.toggle("dark", kept === "dark");
    } catch {
      /* Private windows may refuse. */
    }
  },
  turn() {
    const isDark = document.body.classList.toggle("dark");
    try {
      localStorage.setItem("fusion-theme", isDark ? "dark" : "light");
    } catch {
      /* As above. */
    }
  },
};

/* randomUUID exists only on https and localhost. */
function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const PASSING = [408, 425, 429];

/* What the server or the way to it has to say against a call. */
class CallError extends Error {
  constructor(words, status = 0) {
    super(words);
    this.status = status;
  }

  /* Nothing was refused: a second try can help. */
  get isPassing() {
    return !this.status || this.status >= 500 || PASSING.includes(this.status);
  }
}

/* GET without a body, POST with one; `kind` is how the reply is read: "json", "text" or "blob". */
async function ask(path, { body, ...how } = {}, kind = "json") {
  const sent = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  try {
    const reply = await fetch(path, { ...sent, ...how });
    if (reply.ok) return await reply[kind]();
    const said = await reply.json().catch(() => null);
    throw new CallError(said?.error || `The server answered with error ${reply.status}.`, reply.status);
  } catch (error) {
    if (error instanceof CallError) throw error;
    throw new CallError({ TimeoutError: "The server did not answer in time.", SyntaxError: "The server’s answer could not be read." }[error.name] || "The server could not be reached.");
  }
}

function get(path) {
  return ask(path);
}

function post(path, body, signal) {
  return ask(path, { body, signal });
}

async function copyText(text, control) {
  const before = control.textContent;
  try {
    await navigator.clipboard.writeText(text);
    relabel(control, "Copied");
  } catch {
    relabel(control, "Copying was refused");
  }
  setTimeout(() => relabel(control, before), 1600);
}
