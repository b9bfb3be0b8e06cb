/* From a selection on the screen to offsets in the answer's stored text, and back. Offsets count code points, as the
   server does. Elements with data-o say where they stand in the text (see fusion_ui.ui.anchors). */

const GRAPHEMES = typeof Intl.Segmenter === "function" ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;
const LONE_HIGH = /[\ud800-\udbff]$/;
const points = (text) => Array.from(text).length;

/* The part of a range that lies in a node, or null if they only touch. */
function partIn(range, node) {
  const part = document.createRange();
  part.selectNodeContents(node);
  if (!range.intersectsNode(node)) return null;
  const before = part.cloneRange();
  if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0) part.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(range.endContainer, range.endOffset);
  const words = part.toString();
  if (!words) return null;
  before.setEnd(part.startContainer, part.startOffset);
  return { before: before.toString(), words };
}

/* {start, end} of what is selected inside `root`, on whole characters and without space around; null if nothing can be placed. */
function passageOf(range, root, text) {
  let start = Infinity;
  let end = -1;
  for (const node of root.querySelectorAll("[data-o]")) {
    const part = partIn(range, node);
    if (!part) continue;
    const offset = Number(node.dataset.o);
    const isWhole = "e" in node.dataset;
    const split = LONE_HIGH.test(part.before) ? 1 : 0;
    start = Math.min(start, isWhole ? offset : offset + points(part.before) - split);
    end = Math.max(end, isWhole ? Number(node.dataset.e) : offset + points(part.before + part.words));
  }
  return end < 0 ? null : trimmed(start, end, Array.from(text));
}

function trimmed(first, last, characters) {
  let [start, end] = onWholeCharacters(first, Math.min(last, characters.length), characters);
  while (start < end && !characters[start].trim()) start += 1;
  while (end > start && !characters[end - 1].trim()) end -= 1;
  return start < end ? { start, end } : null;
}

/* Widened to what a reader calls a character: an emoji of several parts, a letter with its accents. */
function onWholeCharacters(start, end, characters) {
  if (!GRAPHEMES) return [start, end];
  let from = start;
  while (from > 0 && start - from < 64 && characters[from - 1].trim()) from -= 1;
  let until = end;
  while (until < characters.length && until - end < 64 && characters[until].trim()) until += 1;
  let at = from;
  let [low, high] = [start, end];
  for (const { segment } of GRAPHEMES.segment(characters.slice(from, until).join(""))) {
    const next = at + points(segment);
    if (at < start && start < next) low = at;
    if (at < end && end < next) high = next;
    at = next;
  }
  return [low, high];
}

/* The words at these offsets, in one line. */
function wordsAt(text, { start, end }) {
  return Array.from(text).slice(start, end).join("").replace(/\s+/g, " ").trim();
}

/* The selection moved by keyboard and kept inside one text; where there is nothing more to select, as it was. */
function walkSelection(prose, { direction, unit, isLonger }) {
  const selection = document.getSelection();
  const isInside = selection.rangeCount > 0 && prose.contains(selection.anchorNode);
  const before = isInside ? selection.getRangeAt(0).cloneRange() : null;
  if (!isInside) selection.collapse(prose, 0);
  if (isLonger && isInside) selection.modify("extend", direction, unit);
  else stepSelection(selection, direction, unit, isInside);
  if (!prose.contains(selection.focusNode) || !selection.toString().trim()) {
    selection.removeAllRanges();
    if (before) selection.addRange(before);
  }
  return selection.rangeCount ? selection.getRangeAt(0) : null;
}

/* The next or the previous word, and none of what only stands between words. */
function stepSelection(selection, direction, unit, isInside) {
  if (isInside && direction === "forward") selection.collapseToEnd();
  else if (isInside) selection.collapseToStart();
  if (unit === "line") selection.modify("move", direction, "line");
  else if (direction === "backward") selection.modify("move", "backward", "word");
  for (let tries = 0; tries < 4; tries += 1) {
    selection.modify("extend", "forward", "word");
    if (selection.toString().trim()) return;
    selection.collapseToEnd();
  }
}

/* Scrolls a text until this part of it is in sight. */
function bringIntoView(body, range) {
  const { top, bottom } = range.getBoundingClientRect();
  const box = body.getBoundingClientRect();
  if (top < box.top || bottom > box.bottom) body.scrollTop += top - box.top - box.height / 3;
}

/* Draw a passage: its words stand in <mark> elements with these properties, the first of which carries the label. */
function drawPassage(root, { start, end }, { label, className, title }) {
  let isFirst = true;
  const dress = (node) => {
    for (const name of className.split(" ")) node.classList.add(name);
    node.title = title;
    if (isFirst) node.dataset.label = label;
    isFirst = false;
  };
  for (const node of root.querySelectorAll("[data-o]")) {
    const offset = Number(node.dataset.o);
    if ("e" in node.dataset) {
      if (offset < end && Number(node.dataset.e) > start) dress(node);
    } else if (offset < end) {
      markWithin(node, start - offset, end - offset, dress);
    }
  }
}

function markWithin(node, start, end, dress) {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const pieces = [];
  for (let at = 0, text = walker.nextNode(); text && at < end; text = walker.nextNode()) {
    const characters = Array.from(text.data);
    const [from, until] = [Math.max(start - at, 0), Math.min(end - at, characters.length)];
    if (from < until) pieces.push({ text, from: characters.slice(0, from).join("").length, until: characters.slice(0, until).join("").length });
    at += characters.length;
  }
  for (const { text, from, until } of pieces) {
    const cut = from ? text.splitText(from) : text;
    if (until - from < cut.length) cut.splitText(until - from);
    const mark = el("mark", {});
    cut.replaceWith(mark);
    mark.append(cut);
    dress(mark);
  }
}
