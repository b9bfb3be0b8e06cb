"""A report's words: numbers with their units, estimates with their intervals, and the settings of a protocol."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from fusion_ui.figures.preference_words import ROLES, share_in
from fusion_ui.preferences.report_markup import Child, Markup, element, fragment
from fusion_ui.studies.protocol import Criterion, Protocol

NONE = "–"
_UNIT = "\N{NO-BREAK SPACE}%"
TASKS: Mapping[str, str] = {
    "pairwise": "Which of two answers is better",
    "ranking": "A ranking of the answers, ties allowed",
    "best-worst": "The best and the worst of the answers",
    "rubric": "A score for each answer on each criterion",
}
_SURELY = 0.001


class Setting(NamedTuple):
    """One setting of a study, in words."""

    name: str
    value: Child


def plural(number: float, noun: str, nouns: str | None = None) -> str:
    """The number with its noun."""
    return f"{count(number)} {noun if number == 1 else nouns or noun + 's'}"


def count(number: float) -> str:
    """A number of things; halves arise where credit is shared."""
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def per_cent(share: float | None) -> str:
    """A share of one, to a tenth of a per cent."""
    return NONE if share is None else f"{100 * share:.1f}{_UNIT}"


def points(difference: float) -> str:
    """A difference of shares in points, with its sign."""
    return signed(f"{100 * difference:+.1f}")


def decimal(number: float | None) -> str:
    """A coefficient or a score, to a hundredth."""
    return NONE if number is None else signed(f"{number:.2f}")


def signed(number: str) -> str:
    """A number as printed, with a minus and not a hyphen."""
    return number.replace("-", "\N{MINUS SIGN}")


def chance(p: float | None) -> str:
    """A p-value, never rounded to nothing."""
    if p is None:
        return NONE
    return "< 0.001" if p < _SURELY else f"{p:.3f}"


def dollars(cost: float | None) -> str:
    """An amount; unknown is never zero."""
    if cost is None:
        return "unknown"
    return "$0" if cost == 0 else f"${cost:,.2f}" if cost >= 1 else f"${cost:.3g}"


def seconds(duration: float | None) -> str:
    """A duration."""
    return "unknown" if duration is None else f"{duration:,.1f}\N{NO-BREAK SPACE}s"


def moment(stored: str) -> str:
    """A time as stored, to the minute."""
    return f"{stored[:10]} {stored[11:16]} UTC"


def estimated(estimate: Mapping[str, Any] | None, shown: Callable[[float], str] = per_cent) -> Child:
    """The value with its interval, or why it has none."""
    if estimate is None or estimate["value"] is None:
        why = estimate["note"] if estimate else ""
        return fragment("undefined", _small(why))
    if estimate["low"] is None or estimate["high"] is None:
        return fragment(shown(estimate["value"]), _small(estimate["note"] or "No interval."))
    return fragment(interval(shown(estimate["value"]), shown(estimate["low"]), shown(estimate["high"])))


def basis(estimate: Mapping[str, Any] | None) -> Child:
    """What an interval speaks of, and on what terms."""
    if estimate is None or estimate["low"] is None:
        return NONE
    return fragment(estimate["basis"], _small(estimate["note"]))


def shared(told: Any) -> Child:
    """A share with its counts and Wilson's interval."""
    share = share_in(told)
    if share.share is None or share.low is None or share.high is None:
        return NONE
    counts = f"{count(share.hits)} of {count(share.of)}"
    return fragment(interval(per_cent(share.share), per_cent(share.low), per_cent(share.high)), _small(counts))


def interval(value: str, low: str, high: str) -> Markup:
    """A value and its bounds; the unit stands once."""
    unit = _UNIT if low.endswith(_UNIT) else ""
    return element("span", f"{value} ", element("small", f"({low.removesuffix(unit)} to {high})"), class_="number")


def settings(protocol: Protocol) -> tuple[Setting, ...]:
    """Every setting of the protocol but its title, in the order in which they matter."""
    return tuple(Setting(name, words(protocol)) for name, words in _SETTINGS.values())


def yes_no(is_so: bool) -> str:
    """A switch in a word."""
    return "yes" if is_so else "no"


def role_words(label: str) -> str:
    """A contender's label in words: "candidate 2" has its number."""
    role, blank, number = label.partition(" ")
    return ROLES.get(role, role) + blank + number


def _small(words: str) -> Markup | None:
    return element("small", words, class_="note") if words else None


def _contrasts(protocol: Protocol) -> Child:
    return "; ".join(" against ".join(ROLES[role] for role in contrast) for contrast in protocol.contrasts)


def _criteria(protocol: Protocol) -> Child:
    if not protocol.criteria:
        return "none"
    return [element("p", _criterion(criterion)) for criterion in protocol.criteria]


def _criterion(criterion: Criterion) -> Child:
    scale = "; ".join(f"{value} {anchor}" for value, anchor in enumerate(criterion.anchors, start=1))
    return fragment(element("b", criterion.label), f": {scale}")


def _raters(protocol: Protocol) -> Child:
    return plural(len(protocol.raters), "invited person", "invited people") if protocol.raters else "anybody"


# Every field of a protocol but its title; who is invited is counted, for a report names nobody unless it is asked to.
_SETTINGS: Mapping[str, tuple[str, Callable[[Protocol], Child]]] = {
    "task": ("Question", lambda protocol: TASKS[protocol.task]),
    "contrasts": ("Compared", _contrasts),
    "criteria": ("Criteria and their scales", _criteria),
    "instructions": ("Instructions", lambda protocol: "as below" if protocol.instructions else "none"),
    "overlap": ("People who judge each item", lambda protocol: str(protocol.overlap)),
    "raters": ("Who may judge", _raters),
    "is_blind": ("Blind: raters do not see who wrote what", lambda protocol: yes_no(protocol.is_blind)),
    "reveals": ("Tells after each judgement who wrote what", lambda protocol: yes_no(protocol.reveals)),
    "masks_names": ("Hides phrases that name their author", lambda protocol: yes_no(protocol.masks_names)),
    "shows_reference": ("Shows the reference answer", lambda protocol: yes_no(protocol.shows_reference)),
    "repeats": ("Items that a rater sees twice", lambda protocol: per_cent(protocol.repeats)),
    "takes_reasons": ("Asks for reasons", lambda protocol: yes_no(protocol.takes_reasons)),
    "reasons": ("Reasons offered", lambda protocol: ", ".join(protocol.reasons) or "none"),
    "takes_confidence": ("Asks how sure the rater is", lambda protocol: yes_no(protocol.takes_confidence)),
    "takes_notes": ("Takes notes", lambda protocol: yes_no(protocol.takes_notes)),
    "takes_spans": ("Takes marked mistakes", lambda protocol: yes_no(protocol.takes_spans)),
    "skip_reasons": ("Reasons to skip an item", lambda protocol: ", ".join(protocol.skip_reasons)),
    "fast_seconds": ("Too fast below", lambda protocol: f"{protocol.fast_seconds:g} s"),
    "lease_minutes": ("An item is kept for a rater", lambda protocol: f"{protocol.lease_minutes} min"),
    "seed": ("Seed of orders and sides", lambda protocol: str(protocol.seed)),
}
