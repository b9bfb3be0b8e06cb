"""Names made fit to be drawn: short, told apart, and without a character that the bundled font cannot write."""

import unicodedata
from collections import Counter
from collections.abc import Sequence

from matplotlib.font_manager import findfont, get_font

_LONGEST = 26
_LONGEST_OF_TWO = 20
_MISSING = "▯"


def labels_of(names: Sequence[str], *, longest: int = _LONGEST) -> list[str]:
    """One label a name, in their order; names that would look the same carry their place in it."""
    written = _charmap()
    labels = [_shortened(_writable(name, written), longest) for name in names]
    seen = Counter(labels)
    return [f"{label} ({place})" if seen[label] > 1 else label for place, label in enumerate(labels, start=1)]


def together(names: Sequence[str]) -> str:
    """Several members in one label that fits over a figure."""
    if len(names) > 2:
        return f"{len(names)} members"
    return " + ".join(labels_of(names, longest=_LONGEST if len(names) == 1 else _LONGEST_OF_TWO))


def _charmap() -> frozenset[int]:
    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())


def _writable(name: str, written: frozenset[int]) -> str:
    """The name on one line. What steers a text instead of standing in it is left out: it could turn its neighbours."""
    spaced = " ".join(name.split())
    seen = (sign for sign in spaced if unicodedata.category(sign) not in {"Cc", "Cf"})
    return "".join(sign if ord(sign) in written else _MISSING for sign in seen) or _MISSING


def _shortened(name: str, longest: int) -> str:
    """Cut in the middle: models of one family differ at the end."""
    if len(name) <= longest:
        return name
    tail = longest // 2
    return f"{name[: longest - tail - 1]}…{name[-tail:]}"
