"""A report's account of how a study was run: the protocol with every setting, the people, and what was left out."""

from collections.abc import Mapping, Sequence
from typing import Any

from fusion_ui.preferences.report_facts import StudyFacts
from fusion_ui.preferences.report_markup import Child, Markup, element, listed, named, paragraphs, passage, table
from fusion_ui.preferences.report_words import Setting, count, estimated, moment, yes_no

Json = Mapping[str, Any]


def protocol(facts: StudyFacts) -> Child:
    """What was asked of whom, setting by setting, and by whom the answers were written."""
    whole = [*facts.settings, *facts.items]
    instructions = (
        [element("h3", "Instructions to raters"), passage(facts.instructions)] if facts.instructions else None
    )
    frozen = moment(facts.frozen_at) if facts.frozen_at else "not yet: nobody has judged"
    dates = f"Made {moment(facts.created_at)}; frozen by the first judgement {frozen}; " + (
        f"closed {moment(facts.closed_at)}." if facts.closed_at else "still open."
    )
    return [
        paragraphs(dates),
        element("p", "SHA-256 of protocol and items: ", element("code", facts.definition_sha256)),
        listed(element("b", each) for each in facts.deviations),
        settings_table("Every setting", whole),
        instructions,
        settings_table("Who wrote what was shown", facts.models) if facts.models else None,
    ]


def settings_table(caption: str, settings: Sequence[Setting]) -> Markup:
    """Names and values."""
    return table(caption, ["Setting", "Value"], settings)


def who(analysis: Json, facts: StudyFacts) -> Child:
    """How many people came, judged and are counted."""
    counts = analysis["counts"]
    counted = [
        Setting("People whose judgements are counted here", count(counts["raters"])),
        Setting("Judgements counted", count(counts["judgements"])),
        Setting("Pairs compared by them", count(counts["comparisons"])),
        Setting("Items skipped", count(counts["skips"])),
        Setting("Judged that both are bad", _both_bad(analysis)),
    ]
    return settings_table("People and judgements", [*facts.raters, *counted])


def left_out(analysis: Json, facts: StudyFacts) -> Child:
    """What does not count, by rule and by decision."""
    rows = [
        [each["words"], count(each["judgements"]), count(each["raters"]), yes_no(each["is_applied"])]
        for each in analysis["left_out"]
    ]
    decisions = [[each.what, named(each.reason), moment(each.decided_at)] for each in facts.decisions]
    ruled, decided = ["Rule", "Judgements", "Raters", "Left out here"], ["What", "Why", "When"]
    return [
        table("Rules, and what falls under them", ruled, rows)
        if rows
        else paragraphs("Nothing was left out by a rule."),
        table("Left out by decision", decided, decisions)
        if decisions
        else paragraphs("Nothing was left out by decision."),
    ]


def _both_bad(analysis: Json) -> Child:
    told = count(analysis["counts"]["both_bad"])
    return [told, ": ", estimated(analysis["both_bad"])] if analysis["both_bad"] else told
