"""A hand-made study for the Studies page: four people, a dozen items, something of everything the board tells."""

from copy import deepcopy
from dataclasses import asdict
from typing import Any

from fusion_ui.studies.protocol import Criterion, Protocol
from tests.e2e.studiesserver import Desk

Json = dict[str, Any]
NOW = "2026-11-22T07:00:00Z"
RUBRIC = [
    Criterion(key="correct", label="Correctness", anchors=("wrong", "mostly wrong", "half", "mostly right", "right")),
    Criterion(key="clear", label="Clarity", anchors=("unclear", "hard to follow", "fair", "clear", "very clear")),
]
PROMPTS = [
    "Why is the sky blue, and why is it red in the evening?",
    "Write a haiku about rain on a tin roof.",
    "What is the sum of the first 100 odd numbers?",
    "Explain to a ten-year-old what an inflation rate is.",
    "Which is heavier, a litre of ice or a litre of water?",
    "Nenne drei Gründe, warum Brot beim Backen aufgeht.",
]
PAIR = ["fusion", "best"]


def protocol(**changes: Any) -> Json:
    told = asdict(Protocol(title="Does fusing beat picking?", overlap=3, raters=("ada", "ben", "chloe"), repeats=0.05))
    asked: Json = json_like(told | {"instructions": "Which answer would you rather have got?"} | changes)
    return asked


def json_like(value: Any) -> Any:
    """Tuples as lists, as JSON has them."""
    if isinstance(value, dict):
        return {key: json_like(each) for key, each in value.items()}
    return [json_like(each) for each in value] if isinstance(value, list | tuple) else value


def rater(name: str, **changes: Any) -> Json:
    return {
        "name": name, "done": 9, "mine": 12, "is_open": False, "last_at": NOW, "median_seconds": 31.5,
        "fast": {"n": 0, "of": 9}, "repeats": {"agreed": 3, "of": 3}, "gold": {"right": 2, "of": 2},
        "training": {"right": 2, "of": 2}, "skips": 0, "after_reveal": 0, "is_excluded": False, "excluded": None,
    } | changes  # fmt: skip


def unit(place: int, **changes: Any) -> Json:
    return {
        "place": place, "prompt": PROMPTS[place % len(PROMPTS)], "roles": PAIR, "phase": "main", "gold": None,
        "gold_place": None, "feedback": "", "is_identical": False, "done": 3, "wanted": 3, "skips": 0,
        "verdicts": {"fusion": 2, "best": 1}, "leaks": 0, "is_contested": False,
    } | changes  # fmt: skip


def board(**changes: Any) -> Json:
    """The study in the middle of its work."""
    return {
        "stamp": "1", "id": "STUDY1", "title": "Does fusing beat picking?", "version": 1, "supersedes": None,
        "superseded_by": None, "created_at": NOW, "is_closed": False, "is_frozen": True, "frozen_at": NOW,
        "definition_sha256": "ab12" * 16, "protocol": protocol(), "has_accounts": False,
        "counts": {"units": 12, "done": 24, "wanted": 36, "training": 2, "gold": 2, "identical": 1, "skips": 1,
                   "open": 1, "revisions": 2, "excluded": 0},
        "raters": [
            rater("ada", is_open=True),
            rater("ben", median_seconds=2.1, fast={"n": 6, "of": 9}, gold={"right": 1, "of": 4}, skips=1),
            rater("chloe", done=6, repeats={"agreed": 1, "of": 3}, gold={"right": 0, "of": 0}),
        ],
        "units": [
            unit(0), unit(1, done=1, verdicts={"tie": 1}),
            unit(2, is_contested=True, verdicts={"fusion": 1, "best": 1, "all_bad": 1}, skips=1),
            unit(3, gold="fusion", gold_place=0), unit(4, leaks=1, done=0, verdicts={}),
            unit(5, phase="training", gold="best", gold_place=1, feedback="Yeast makes gas."),
            unit(6, is_identical=True, done=0, wanted=0, verdicts={}),
            *(unit(place) for place in range(7, 70)),
        ],
        "agreement": [{"roles": PAIR, "alpha": 0.41, "low": 0.18, "high": 0.62, "level": 0.95, "raw": 0.68,
                       "units": 9, "note": ""}],
        "contrasts": [{"roles": PAIR, "counts": {"fusion": 13, "best": 7, "tie": 3, "all_bad": 1}, "units": 10,
                       "judgements": 24, "share": 0.62, "low": 0.47, "high": 0.76, "level": 0.95, "state": "open",
                       "more": 18, "note": None}],
        "leaks": [{"place": 4, "prompt": PROMPTS[4], "role": "fusion", "member": "mia-large",
                   "phrases": ["As an AI made by Mia Labs"], "is_masked": False}],
        "exclusions": [], "invitations": [],
    } | changes  # fmt: skip


def judgement(rater_name: str, **changes: Any) -> Json:
    return {
        "trial_id": f"T-{rater_name}", "unit_place": 0, "prompt": PROMPTS[0], "roles": PAIR, "rater": rater_name,
        "kind": "main", "verdict": "fusion", "strength": 2, "ranking": None, "best": None, "worst": None,
        "scores": None, "reasons": {"fusion": ["correct", "clear"]}, "confidence": "high", "note": "",
        "skip_reason": None, "flaws": [], "shown": ["best", "fusion"], "seconds": 28.0, "is_too_fast": False,
        "is_after_reveal": False, "is_right": None, "agrees": None, "revision": 1, "saved_at": NOW,
        "is_excluded": False, "excluded": None,
    } | changes  # fmt: skip


def judgements() -> Json:
    flaw = {"role": "best", "quote": "the sea reflects", "category": "C", "severity": "major", "note": "a myth"}
    return {
        "unit": {
            "place": 0, "roles": PAIR, "prompt": PROMPTS[0], "prompt_html": f"<p>{PROMPTS[0]}</p>",
            "reference_html": "<p>Rayleigh scattering.</p>", "gold": None,
            "contenders": [
                {"role": "fusion", "member": "mia-large", "html": "<p>Air scatters <strong>blue</strong> most.</p>",
                 "text": "Air scatters **blue** most.", "phrases": []},
                {"role": "best", "member": "tom-7b", "html": "<p>Because the sea reflects.</p>",
                 "text": "Because the sea reflects.", "phrases": ["As tom-7b, I"]},
            ],
        },
        "judgements": [
            judgement("ada", note="Nicely put."),
            judgement("ben", verdict="tie", strength=0, reasons={}, is_too_fast=True, seconds=1.4, kind="repeat",
                      agrees=False),
            judgement("chloe", verdict="best", strength=1, flaws=[flaw], revision=2, is_right=False),
        ],
    }  # fmt: skip


def preview(**changes: Any) -> Json:
    return {
        "units": 24, "trials": 48, "identical": 3, "training": 0, "gold": 0,
        "left_out": [{"run_id": "R9", "prompt": PROMPTS[1], "reason": "it has no fusion"}], "left_out_count": 5,
        "self_naming": [{"place": 4, "prompt": PROMPTS[4], "role": "fusion", "member": "mia-large",
                         "phrases": ["As an AI made by Mia Labs"]}],
        "self_naming_count": 1, "is_masked": False, "contrasts": [{"roles": PAIR, "units": 24}],
        "trials_per_rater": 26, "minutes_per_rater": 19.5, "seconds_per_trial": 45,
        "list": [{"place": at, "run_id": f"R{at}", "prompt": prompt, "roles": PAIR, "is_identical": at == 1,
                  "language": "en"} for at, prompt in enumerate(PROMPTS)],
        "list_count": 6,
        "sample": {
            "place": 0, "roles": PAIR, "prompt": PROMPTS[0], "prompt_html": f"<p>{PROMPTS[0]}</p>",
            "reference_html": None, "instructions_html": "",
            "answers": [
                {"letter": "A", "html": "<p>Because the sea reflects.</p>", "text": "Because the sea reflects."},
                {"letter": "B", "html": "<p>Air scatters <strong>blue</strong> most, so the sky shows it; in the "
                 "evening the light has lost its blue on the long way.</p>", "text": "Air scatters **blue** most."},
            ],
        },
        "units_sha256": "cd34" * 16,
    } | changes  # fmt: skip


def options(**changes: Any) -> Json:
    return {
        "runs": {
            "count": 29, "first_at": "2026-11-01T09:00:00Z", "last_at": NOW,
            "tags": [{"tag": "science", "count": 12}, {"tag": "german", "count": 4}],
            "languages": [{"language": "en", "count": 25}, {"language": "de", "count": 4}],
            "roles": {"fusion": 24, "best": 29, "vote": 0, "single": 29, "candidate": 29},
        },
        "raters": ["ada", "ben", "chloe"], "defaults": json_like(asdict(Protocol(title=""))),
        "rubric": json_like([asdict(each) for each in RUBRIC]), "sample": "SAMPLE", "has_accounts": False,
    } | changes  # fmt: skip


def sample() -> Json:
    """The study that ships with the demo."""
    counts = {**board()["counts"], "units": 6, "done": 0, "wanted": 6}
    title = "Sample: is fusing better?"
    return board(id="SAMPLE", title=title, raters=[], counts=counts, protocol=protocol(overlap=1, raters=[]))


def desk(*boards: Json, **changes: Any) -> Desk:
    """A desk with these studies."""
    held = {each["id"]: deepcopy(each) for each in boards}
    parts = {"options": options(), "judgements": judgements(), "preview": preview()}
    return Desk(boards=held, **(parts | changes))
