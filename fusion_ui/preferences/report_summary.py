"""A report in short: a sentence a contrast on who was preferred, how sure that is, and what it rests on."""

from collections.abc import Mapping
from typing import Any

from fusion_ui.figures.preference_words import level_words, system_words
from fusion_ui.preferences.report_markup import Child, element, listed, named, paragraphs
from fusion_ui.preferences.report_results import MOST_CONTRASTS, pair_words
from fusion_ui.preferences.report_words import count, per_cent, plural

Json = Mapping[str, Any]


def summary(analysis: Json) -> Child:
    """The sentences as a list."""
    told = [_sentence(analysis, each) for each in analysis["contrasts"][:MOST_CONTRASTS]]
    return listed(told) or paragraphs("Nothing was compared yet, so there is no result to tell.")


def _sentence(analysis: Json, contrast: Json) -> Child:
    rate = contrast["rate"]
    if rate is None or rate["value"] is None:
        return [pair_words(analysis, contrast), ": undefined. ", rate["note"] if rate else contrast["note"]]
    rests = (
        f", from {count(contrast['judgements'])} judgements by {plural(contrast['raters'], 'rater')}"
        f" of {plural(contrast['prompts'], 'prompt')}."
    )
    weak = element("b", " Preliminary.") if contrast["is_preliminary"] else None
    return [_preferred(analysis, contrast, rate), rests, weak, _standing(contrast)]


def _preferred(analysis: Json, contrast: Json, rate: Json) -> Child:
    """Who was preferred; neither, where the interval holds one half."""
    first, second = (named(system_words(analysis, contrast[side])) for side in ("first", "second"))
    if not _is_clear(rate):
        told = ["Neither ", first, " nor ", second, " is shown to be preferred: ", first, " was in "]
    elif rate["value"] > 0.5:
        told = [first, " was preferred to ", second, " in "]
    else:
        told, rate = [second, " was preferred to ", first, " in "], _turned(rate)
    return [*told, element("b", per_cent(rate["value"])), " of comparisons", _within(analysis, rate)]


def _is_clear(rate: Json) -> bool:
    """Whether the rate says who was preferred: its interval does, or where there is none, the votes as they are."""
    low, high = (rate["value"] if rate[end] is None else rate[end] for end in ("low", "high"))
    return bool(low > 0.5 or high < 0.5)


def _turned(rate: Json) -> dict[str, Any]:
    """The rate of the second, from that of the first."""
    low, high = (None if rate[end] is None else 1 - rate[end] for end in ("high", "low"))
    return {**rate, "value": 1 - rate["value"], "low": low, "high": high}


def _standing(contrast: Json) -> str | None:
    """The verdict's words; it is about other prompts, and where the interval is wider for other people it says so."""
    verdict = contrast["verdict"]
    if not verdict:
        return None
    among = " That holds for other prompts; among other people it may be otherwise."
    return f" {verdict['words']}" + ("" if _is_clear(contrast["rate"]) or verdict["state"] != "settled" else among)


def _within(analysis: Json, rate: Json) -> str:
    if rate["low"] is None or rate["high"] is None:
        return f" (no interval: {rate['note']})"
    bounds = f"{per_cent(rate['low'])} to {per_cent(rate['high'])}"
    level = level_words(analysis).replace(" ", "\N{NO-BREAK SPACE}")
    return f" ({level} interval {bounds}; speaks of {rate['basis']})"
