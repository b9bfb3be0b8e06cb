"""A report's checks on its results: agreement, raters, sides and lengths, judges, rubric, and what a win costs."""

from collections.abc import Mapping, Sequence
from typing import Any

from fusion_ui.figures.preference_words import level_words, system_words
from fusion_ui.preferences.report_markup import (
    Child,
    Markup,
    element,
    fragment,
    listed,
    named,
    paragraphs,
    sentence,
    table,
)
from fusion_ui.preferences.report_words import (
    NONE,
    chance,
    count,
    decimal,
    dollars,
    estimated,
    per_cent,
    seconds,
    shared,
    signed,
)

Json = Mapping[str, Any]
_LEVELS = {"nominal": "who won, as classes", "ordinal": "first, tie, second, in order", "interval": "scores"}
_USUAL = (
    "For preferences an alpha of 0.25 to 0.35 is usual and no failure of a study: published sets judged by crowds lie "
    "there. AC stands beside it because the two part where one answer is given far more often than the others."
)
_UNKNOWN = {
    "position": "It is not known on which side answers stood.",
    "length": "The lengths of answers are not known.",
}
_MOST_RATERS = 100
_AGREEMENT = (
    "Of|Alpha (Krippendorff)|AC (Gwet)|Fleiss’ kappa|Plain|Items|Ratings|Raters|Ratings an item|Ceiling"
).split("|")
_RATERS = (
    "Rater|Judgements|Median time|With most others|Again the same|Known items right|Expected right|Chose left|Ties|"
    "Both bad|Longest run|To look at"
).split("|")
_JUDGES = (
    "Judge|Items|With one majority|Right|Kappa|Right, decisive|Kappa, decisive|With single votes|Ceiling of people|"
    "Turned by order|First place|Unreadable"
).split("|")


def agreement_table(analysis: Json) -> Markup:
    """How far raters agree, at each level of measurement, and how far one person can be expected to."""
    if not analysis["agreement"]:
        return paragraphs("Not computable: it takes items that two people judged.")
    rows = [_agreement(analysis, each) for each in analysis["agreement"]]
    # What holds of all is not said of each contrast once more.
    noted = (each for each in analysis["agreement"] if each["contrast"] is None or each["alpha"] is None)
    notes = listed(dict.fromkeys(each["note"] for each in noted if each["note"]))
    return fragment(
        table(f"Agreement, with {level_words(analysis)} intervals", _AGREEMENT, rows), notes, paragraphs(_USUAL)
    )


def rater_table(analysis: Json) -> Markup:
    """What each rater's judgements look like; flags are to look at, and nobody was dropped for them."""
    raters = analysis["raters"]
    if not raters:
        return paragraphs("Nobody has judged yet.")
    rows = [_rater(each) for each in raters[:_MOST_RATERS]]
    of = f", the first {_MOST_RATERS} of {len(raters)}" if len(raters) > _MOST_RATERS else ""
    return table(f"Raters{of}", _RATERS, rows)


def effects(analysis: Json) -> Markup:
    """Whether the side or the length of an answer won votes."""
    rows = [*_side(analysis["position"]), *_length(analysis["length"])]
    unknown = [words for name, words in _UNKNOWN.items() if analysis[name] is None]
    notes = [analysis[name]["note"] for name in _UNKNOWN if analysis[name] is not None and analysis[name]["note"]]
    head = ["Of decisive votes", "Value"]
    return fragment(
        table("What wins besides content", head, rows) if rows else None,
        listed([*unknown, *notes]),
        _adjusted(analysis),
        paragraphs(analysis["adjusted_note"]),
    )


def judge_tables(analysis: Json) -> Markup | None:
    """Model judges held against people, who they are never counted among."""
    judges = analysis["judges"]
    if not judges:
        return None
    notes = listed(dict.fromkeys(each["note"] for each in judges if each["note"]))
    return fragment(
        table("Model judges against people", _JUDGES, [_judge(each) for each in judges]),
        [_confusion(each) for each in judges],
        notes,
    )


def rubric_tables(analysis: Json) -> Markup | None:
    """Means by criterion, and differences on the same items."""
    rubric = analysis["rubric"]
    if not rubric["means"]:
        return None
    means = [
        [
            named(each["criterion"]),
            named(system_words(analysis, each["system"])),
            estimated(each["mean"], decimal),
            count(each["ratings"]),
            f"{each['scale'][0]} to {each['scale'][1]}",
            " · ".join(map(count, each["distribution"])),
        ]
        for each in rubric["means"]
    ]
    differences = [
        [
            named(each["criterion"]),
            [named(system_words(analysis, each["first"])), " less ", named(system_words(analysis, each["second"]))],
            estimated(each["difference"], lambda value: signed(f"{value:+.2f}")),
        ]
        for each in rubric["differences"]
    ]
    head = ["Criterion", "System", "Mean", "Ratings", "Scale", "Given, from the lowest"]
    return fragment(
        table(f"Scores, with {level_words(analysis)} intervals", head, means),
        table("Differences on the same items", ["Criterion", "Of", "Difference"], differences) if differences else None,
    )


def worth_table(analysis: Json) -> Markup | None:
    """What an answer of each system costs beside how often it wins."""
    if not analysis["worth"]:
        return None
    rows = [
        [
            named(system_words(analysis, each["system"])),
            per_cent(each["share"]),
            dollars(each["cost_usd"]),
            seconds(each["seconds"]),
            NONE if each["cost_per_extra_win"] is None else dollars(each["cost_per_extra_win"]),
            sentence(each["words"]),
        ]
        for each in analysis["worth"]
    ]
    return table(
        "Preference and its price", ["System", "Wins", "Cost", "Time", "Cost of one more win", "In words"], rows
    )


def _side(position: Json | None) -> list[Sequence[Child]]:
    if position is None:
        return []
    return [
        ["The answer on the left won", shared(position["left"])],
        ["The same, over prompts and raters", estimated(position["clustered"])],
        ["Against equal chances, p", chance(position["p"])],
    ]


def _length(length: Json | None) -> list[Sequence[Child]]:
    if length is None:
        return []
    return [
        ["The longer answer won", shared(length["longer"])],
        ["Logit for each unit of the logarithm of the ratio of lengths", estimated(length["slope"], decimal)],
        ["Ratios clipped to ± 2", count(length["clipped"])],
    ]


def _agreement(analysis: Json, each: Json) -> Sequence[Child]:
    pair = each["contrast"]
    of = " and ".join(system_words(analysis, system) for system in pair) if pair else "All"
    return [
        [named(of), element("small", _LEVELS[each["level"]], class_="note")],
        estimated(each["alpha"], decimal),
        estimated(each["ac"], decimal),
        decimal(each["fleiss"]),
        per_cent(each["raw"]),
        count(each["units"]),
        count(each["ratings"]),
        count(each["raters"]),
        decimal(each["overlap"]),
        shared(each["ceiling"]),
    ]


def _rater(each: Json) -> Sequence[Child]:
    return [
        named(each["rater"]),
        count(each["judgements"]),
        seconds(each["median_seconds"]),
        *(shared(each[name]) for name in ("others", "repeats", "gold")),
        per_cent(each["expected"]),
        shared(each["left"]),
        per_cent(each["ties"]),
        per_cent(each["both_bad"]),
        NONE if each["longest_run"] is None else count(each["longest_run"]),
        sentence("; ".join(each["flags"]) or NONE),
    ]


def _adjusted(analysis: Json) -> Markup | None:
    if not analysis["adjusted"]:
        return None
    rows = [
        [named(system_words(analysis, each["system"])), estimated(each["score"], decimal), decimal(each["plain"])]
        for each in analysis["adjusted"]
    ]
    head = ["System", "At equal length and side", "Plain"]
    return table("Scores at equal length and side: a diagnostic, not a result", head, rows)


def _judge(each: Json) -> Sequence[Child]:
    return [
        named(each["judge"]),
        count(each["items"]),
        count(each["unique"]),
        shared(each["accuracy"]),
        estimated(each["kappa"], decimal),
        shared(each["accuracy_decisive"]),
        estimated(each["kappa_decisive"], decimal),
        *(shared(each[name]) for name in ("votes", "ceiling", "flips", "first_place")),
        count(each["unreadable"]),
    ]


def _confusion(each: Json) -> Markup:
    classes = each["classes"]
    people = [name for name in classes if name != "unreadable"]
    rows = [[name, *map(count, counts)] for name, counts in zip(people, each["confusion"], strict=False)]
    return table(f"What people said, by what {each['judge']} said", ["People", *classes], rows)
