"""Words selected in a rendered text as a person would, and the beginning of a text whose places are hard to count."""

from playwright.sync_api import Locator

MANY_SCRIPTS = (
    "Start 😀😀 with **bold words** and `code here` so.\n\n"
    "- e\u0301te\u0301 is *summer* in French\n- 👩‍👩‍👧 family [link text](http://a.b/text)\n\n"
    "مرحبا **بالعالم** اليوم\n\nThen $x^2 + 1$ holds, a &amp; b.\n\n"
)
_SELECT = """(root, [words, from, until]) => {
  const nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let [text, places] = ["", []];
  while (nodes.nextNode()) { places.push([text.length, nodes.currentNode]); text += nodes.currentNode.data; }
  const put = (at) => {
    const [begins, node] = places.filter(([begin]) => begin <= at).pop(); return [node, at - begins]; };
  const start = text.indexOf(words);
  const [first, last] = [put(start + from), put(start + words.length - 1 - until)];
  document.getSelection().setBaseAndExtent(first[0], first[1], last[0], last[1] + 1);
}"""


def select_words(text: Locator, words: str, *, start: int = 0, end: int = 0) -> None:
    """Select these rendered words of a text, `start` and `end` UTF-16 units further in."""
    text.evaluate(_SELECT, [words, start, end])
