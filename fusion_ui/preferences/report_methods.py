"""How a report's numbers are made, in words, each with whom it comes from; and how to make them again."""

from collections.abc import Mapping
from typing import Any

from fusion_ui.figures.preference_words import level_words
from fusion_ui.preferences.report_markup import Markup, element, fragment, paragraphs

_ALWAYS = {
    "Win rate": (
        "Wins and half of the ties, of all comparisons; that both answers are bad counts as a tie here and is told "
        "apart beside it. It is told of the first of the two that are named."
    ),
    "Intervals": (
        "Votes on one prompt or by one rater go wrong together. The variance is that by prompt and that by rater less "
        "that of their cells, never below the largest of the three (Cameron, Gelbach and Miller 2011), with the "
        "quantile of Student’s t for the degrees of freedom that its parts have together (Satterthwaite 1946); with "
        "fewer than four prompts or raters for those that the fewer of them have. Taken as "
        "independent, votes would give intervals about half as wide as they should be. With one rater or fewer than "
        "five prompts an interval describes these votes only, and says so."
    ),
    "Paired difference": "For each prompt the share of wins of the first less that of the second; their mean.",
    "Decisive votes": "Those that are neither ties nor both bad, as they are, with the interval of Wilson (1927).",
    "Tests": (
        "The exact sign test on decisive votes, which is optimistic because it takes votes as independent; over "
        "several contrasts after Holm (1979)."
    ),
    "Preliminary": "Fewer than five prompts or twenty judgements.",
    "Verdict": (
        "A bet against equal chances, one result a prompt, whose gain is the evidence: at 20 to 1 a contrast is "
        "settled, and looking early or often does no harm (Waudby-Smith and Ramdas 2024; Ville’s inequality)."
    ),
    "Planning": (
        "The variance in a part for prompts, one for raters and one for votes; what is said to be added is the part "
        "that stands in the way. Where it cannot be told yet, a design effect of 3 is assumed and said."
    ),
}
_LADDERS = {
    "Bradley-Terry": (
        "Scores whose difference gives the chance of winning (Bradley and Terry 1952), a tie as half a win, with a "
        "weak prior so that who won everything has a finite score. Systems are ranked by the lower bound of the score."
    ),
    "Davidson": (
        "The same with a strength of ties (Davidson 1970). Its scores lie on another scale: never compare the two."
    ),
    "Ranks": (
        "Bounds of ranks and chances of being best from drawing prompts and raters anew, both at once (the pigeonhole "
        "bootstrap of Owen 2007), which errs on the side of caution."
    ),
}
_AGREEMENT = {
    "Agreement": (
        "Krippendorff’s alpha (2011), Gwet’s AC1 and AC2 (2008) and Fleiss’ kappa (1971); intervals by drawing items "
        "anew. The ceiling is how often one person says what most of the others say, ties sharing the credit."
    ),
    "Raters": (
        "Flags ask for a look, and nobody is left out for them. What is expected of a rater comes from the model of "
        "Dawid and Skene (1979)."
    ),
}
_EFFECTS = {
    "Side and length": (
        "Logistic regressions on decisive votes with errors clustered by prompt. The ratio of lengths is clipped to ± "
        "2 on the logarithm, for a few empty answers would carry the slope. What is left at equal length is a "
        "diagnostic."
    )
}
_JUDGES = {
    "Judges": (
        "Models are never counted among people. They are held against the majority of people where there is one, with "
        "Cohen’s kappa (1960); what a judge said that cannot be read is a class of its own."
    )
}
_RUBRIC = {"Scores": "Means with intervals as for win rates; differences are of the same items by the same raters."}
_WORTH = {"Price": "The difference in cost an answer over the difference in wins, only where who costs more wins more."}


def methods(analysis: Mapping[str, Any]) -> Markup:
    """What was computed here and how."""
    told = dict(_ALWAYS)
    parts = {"ladders": _LADDERS, "agreement": _AGREEMENT, "judges": _JUDGES, "worth": _WORTH}
    for name, words in parts.items():
        told |= words if analysis[name] else {}
    told |= _EFFECTS if analysis["position"] or analysis["length"] else {}
    told |= _RUBRIC if analysis["rubric"]["means"] else {}
    points = [fragment(element("dt", name), element("dd", words)) for name, words in told.items()]
    return element("dl", points, class_="methods")


def again(analysis: Mapping[str, Any], study_id: str, stamp: str) -> Markup:
    """The commands that make this page and its numbers again from the same database."""
    asked = analysis["asked"]
    is_open = " --open" if asked["open"] else ""
    commands = (
        f"python -m fusion_ui analyse --report {study_id} > report.html\n"
        f"python -m fusion_ui analyse --study {study_id} --by {asked['by']}{is_open} --seed {asked['seed']} --json"
    )
    return fragment(
        paragraphs(
            f"Chance comes from the seed {asked['seed']} alone and intervals are at {level_words(analysis)}, so that "
            "the same judgements give the same page."
        ),
        element("pre", element("code", commands), tabindex="0", aria_label="Commands"),
        paragraphs(f"Stamp of the judgements that were counted: {stamp}"),
    )
