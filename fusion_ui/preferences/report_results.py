"""A report's results of comparing: contrasts with what they rest on, where they stand, groups, ladders, the matrix."""

from collections.abc import Mapping, Sequence
from typing import Any

from fusion_ui.figures.preference_words import MODELS, level_words, system_words
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
    basis,
    chance,
    count,
    decimal,
    estimated,
    per_cent,
    points,
    shared,
)

Json = Mapping[str, Any]
_KINDS = {"member": "Member", "language": "Language", "tag": "Tag", "length": "Length of the prompt"}
_MOST_GROUPS = 15
MOST_CONTRASTS = 60
_STATES = {"settled": "settled", "even": "even", "open": "open"}


def pair_words(analysis: Json, pair: Json) -> Child:
    """The two of a contrast, the first as the one that wins or loses."""
    return [named(system_words(analysis, pair["first"])), " over ", named(system_words(analysis, pair["second"]))]


def contrast_tables(analysis: Json) -> Markup:
    """What was said, and what follows from it, a row a contrast."""
    contrasts = analysis["contrasts"][:MOST_CONTRASTS]
    if not contrasts:
        return paragraphs("Nothing was compared yet.")
    more = len(analysis["contrasts"]) - len(contrasts)
    return fragment(
        paragraphs(f"The first {len(contrasts)} of {len(analysis['contrasts'])} contrasts." if more else None),
        table("What was said", _SAID, [_said(analysis, each) for each in contrasts]),
        table(
            f"What follows, with {level_words(analysis)} intervals",
            _FOLLOWS,
            [_follows(analysis, each) for each in contrasts],
        ),
        table("Tests, and what length takes away", _TESTED, [_tested(analysis, each) for each in contrasts]),
        _notes(contrasts),
    )


def verdict_tables(analysis: Json) -> Markup | None:
    """Whether each contrast is settled, and what it takes to know it better."""
    contrasts = [each for each in analysis["contrasts"][:MOST_CONTRASTS] if each["verdict"] or each["plan"]]
    if not contrasts:
        return None
    verdicts = [_verdict(analysis, each) for each in contrasts if each["verdict"]]
    plans = [_plan(analysis, each) for each in contrasts if each["plan"]]
    head = ["Contrast", "Standing", "Evidence", "Needed", "Win rate lies within", "In words"]
    planned = ["Contrast", "Half-width now", "Wanted", "More judgements", "Add", "Design effect", "In words"]
    return fragment(
        table("Verdict, valid however often it was looked at", head, verdicts) if verdicts else None,
        table("What it takes to reach the wanted width", planned, plans) if plans else None,
    )


def group_tables(analysis: Json) -> Markup | None:
    """The win rate of each contrast within members, languages, tags and lengths, where there is more than one."""
    tables = [
        _groups(analysis, contrast, name)
        for contrast in analysis["contrasts"][:MOST_CONTRASTS]
        for name in _KINDS
        if len(contrast["groups"].get(name, ())) > 1
    ]
    return fragment(tables) if tables else None


def ladder_tables(analysis: Json) -> Markup:
    """Each ladder under the name of its model, and who beat whom."""
    ladders = [ladder for ladder in analysis["ladders"] if ladder["rungs"]]
    tables = [_ladder(analysis, ladder) for ladder in ladders]
    return fragment(tables, paragraphs(analysis["ladder_note"]), _matrix(analysis) if ladders else None)


_SAID = "Contrast|Items|Prompts|Raters|Judgements|Won|Tied|Lost|Both bad|Skipped".split("|")
_FOLLOWS = "Contrast|Win rate|Speaks of|Paired difference, points|Both bad".split("|")
_TESTED = "Contrast|Decisive votes as they are|Sign test, p|Held against all contrasts (Holm), p|At equal length".split(
    "|"
)


def _said(analysis: Json, contrast: Json) -> Sequence[Child]:
    names = "units prompts raters judgements wins ties losses both_bad skips".split()
    return [pair_words(analysis, contrast), *(count(contrast[name]) for name in names)]


def _follows(analysis: Json, contrast: Json) -> Sequence[Child]:
    return [
        pair_words(analysis, contrast),
        [
            estimated(contrast["rate"]),
            element("small", "preliminary", class_="note") if contrast["is_preliminary"] else None,
        ],
        basis(contrast["rate"]),
        estimated(contrast["difference"], points),
        estimated(contrast["both_bad_share"]),
    ]


def _tested(analysis: Json, contrast: Json) -> Sequence[Child]:
    adjusted = contrast["adjusted"]
    return [
        pair_words(analysis, contrast),
        shared(contrast["votes"]),
        chance(contrast["sign_p"]),
        chance(contrast["holm_p"]),
        estimated(adjusted) if adjusted else NONE,
    ]


def _notes(contrasts: Sequence[Json]) -> Markup | None:
    """What holds of several contrasts is said once."""
    notes = dict.fromkeys(each["note"] for each in contrasts if each["note"])
    return listed(notes)


def _verdict(analysis: Json, contrast: Json) -> Sequence[Child]:
    verdict = contrast["verdict"]
    known = verdict["low"] is not None and verdict["high"] is not None
    within = f"{per_cent(verdict['low'])} to {per_cent(verdict['high'])}" if known else NONE
    standing = _STATES[verdict["state"]]
    leader = [", ", named(system_words(analysis, verdict["leader"]))] if verdict["leader"] else None
    evidence = f"{verdict['evidence']:,.3g}\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}1"
    return [
        pair_words(analysis, contrast),
        [standing, leader],
        evidence,
        f"{verdict['bound']:g}\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}1",
        within,
        sentence(str(verdict["words"])),
    ]


def _plan(analysis: Json, contrast: Json) -> Sequence[Child]:
    plan = contrast["plan"]
    more = NONE if plan["more_judgements"] is None else f"{plan['more_judgements']:,}"
    effect = decimal(plan["design_effect"]) + (", assumed" if plan["is_assumed"] else "")
    half = NONE if plan["half_width"] is None else f"± {100 * plan['half_width']:.1f}"
    wanted = f"± {100 * plan['width']:.1f}"
    return [pair_words(analysis, contrast), half, wanted, more, plan["add"], effect, sentence(plan["words"])]


def _groups(analysis: Json, contrast: Json, name: str) -> Markup:
    groups = contrast["groups"][name]
    words = " over ".join(system_words(analysis, contrast[side]) for side in ("first", "second"))
    rows = [
        [named(each["name"]), *(count(each[part]) for part in _GROUP_COUNTS), estimated(each["rate"])]
        for each in groups[:_MOST_GROUPS]
    ]
    of = f", the first {_MOST_GROUPS} of {len(groups)}" if len(groups) > _MOST_GROUPS else ""
    head = [_KINDS[name], "Prompts", "Judgements", "Won", "Tied", "Lost", "Both bad", "Win rate"]
    return table(f"{words}, by {_KINDS[name].lower()}{of}", head, rows)


_GROUP_COUNTS = ("prompts", "judgements", "wins", "ties", "losses", "both_bad")


def _ladder(analysis: Json, ladder: Json) -> Markup:
    model = MODELS[ladder["model"]]
    rungs = sorted(ladder["rungs"], key=lambda rung: (rung["component"], rung["rank"]))
    head = ["System", "Rank", "Rank lies within", "Score, natural logarithm", "On Elo's scale", "Games", "Wins", "Best"]
    apart = len(ladder["components"]) > 1
    rows = [[*_rung(analysis, rung)] + ([str(rung["component"] + 1)] if apart else []) for rung in rungs]
    tie = f" Ties have the strength {ladder['tie_strength']:.2f}." if ladder["tie_strength"] is not None else ""
    scale = f"The weak prior has the precision {ladder['prior']:g}.{tie}"
    return fragment(
        table(f"{model}, by the lower bound of the score", [*head, "Group"] if apart else head, rows),
        paragraphs(scale, ladder["note"]),
    )


def _rung(analysis: Json, rung: Json) -> Sequence[Child]:
    within = NONE if rung["rank_low"] is None else f"{rung['rank_low']} to {rung['rank_high']}"
    weak = element("small", "preliminary", class_="note") if rung["is_preliminary"] else None
    return [
        named(system_words(analysis, rung["system"])),
        [str(rung["rank"]), weak],
        within,
        estimated(rung["score"], decimal),
        f"{rung['elo']:.0f}",
        count(rung["games"]),
        per_cent(rung["win_rate"]),
        per_cent(rung["best"]),
    ]


def _matrix(analysis: Json) -> Markup | None:
    matrix = analysis["matrix"]
    if not matrix or len(matrix["systems"]) > _MOST_GROUPS:
        return None
    names = [system_words(analysis, system) for system in matrix["systems"]]
    rows = [
        [named(name), *(_cell(matrix, row, column) for column in range(len(names)))] for row, name in enumerate(names)
    ]
    return table("Wins–ties–losses of the row against the column", ["Row", *map(named, names)], rows)


def _cell(matrix: Json, row: int, column: int) -> Child:
    counts = [matrix[name][row][column] for name in ("wins", "ties", "losses")]
    if row == column or not any(counts):
        return NONE
    rate = matrix["rates"][row][column]
    return [per_cent(rate), element("small", "–".join(map(count, counts)), class_="note")]
