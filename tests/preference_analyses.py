"""Analyses of preferences made by hand, shaped as the app makes them and as small as figures and reports need them."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from fusion_ui.analysis.preference.estimates import share_of

ROLES = ("fusion", "best", "vote")
HOSTILE = (
    "a$b$_{x}%<&\\frac{1}{0}",
    "<script>alert(1)</script>",
    "_hidden",
    "نموذج عربي",
    "x" * 500,
    "\u202eevil\u0000\ud800😀",
    "two\n\nlines",
    "",
)


def estimate(value: float | None, half: float | None = 0.08, **others: Any) -> dict[str, Any]:
    is_known = value is not None and half is not None
    return {
        "value": value,
        "low": value - half if is_known else None,
        "high": value + half if is_known else None,
        "se": half / 2 if is_known else None,
        "df": 11 if is_known else None,
        "n": 60,
        "basis": "prompts and raters",
        "note": "" if is_known else "Judged by one person: ask a second one.",
        **others,
    }


def votes_only(value: float) -> dict[str, Any]:
    return estimate(value, 0.2, basis="these votes only", note="Fewer than 5 prompts: describes these votes only.")


def group(name: str, value: float | None) -> dict[str, Any]:
    counts = {"wins": 12, "ties": 3, "losses": 9, "both_bad": 1, "judgements": 25, "prompts": 20}
    return {"name": name, "rate": estimate(value, None if value is None else 0.1), **counts}


def contrast(first: str, second: str, value: float | None = 0.62, **others: Any) -> dict[str, Any]:
    wins, ties, losses = (68, 20, 30) if value else (0, 0, 0)
    return {
        "first": first,
        "second": second,
        "units": 60,
        "prompts": 60,
        "raters": 6,
        "judgements": 120,
        "wins": wins,
        "ties": ties,
        "losses": losses,
        "both_bad": 2,
        "rate": estimate(value, None if value is None else 0.08),
        "difference": estimate(0.24 if value else None, 0.16 if value else None),
        "votes": list(share_of(wins, wins + losses)),
        "sign_p": 0.00013,
        "holm_p": 0.00039,
        "is_preliminary": False,
        "note": "The sign test takes every vote for independent, which makes it optimistic.",
        "skips": 3,
        "both_bad_share": estimate(0.017, 0.015),
        "groups": {
            "member": [group("gpt-oss-20b", 0.6)],
            "language": [group("en", 0.66), group("ar", None)],
            "tag": [],
            "length": [group("short", 0.58), group("long", 0.67)],
        },
        "plan": plan(first, second),
        "verdict": verdict(first),
        "adjusted": estimate(0.59),
        **others,
    }


def plan(first: str, second: str) -> dict[str, Any]:
    return {
        "first": first,
        "second": second,
        "width": 0.05,
        "half_width": 0.08,
        "more_judgements": 187,
        "add": "prompts",
        "components": {"prompts": 0.7, "raters": 0.2, "votes": 0.1},
        "design_effect": 2.4,
        "is_assumed": False,
        "votes_for_power": 194,
        "words": "About 187 more judgements on new prompts bring the interval to ±5 points.",
    }


def verdict(leader: str) -> dict[str, Any]:
    return {
        "state": "settled",
        "leader": leader,
        "evidence": 84.2,
        "bound": 20.0,
        "low": 0.52,
        "high": 0.71,
        "looks_allowed": True,
        "words": "Settled: the evidence passed the bound, however often it was looked at.",
    }


def rung(system: str, rank: int, score: float, **others: Any) -> dict[str, Any]:
    return {
        "system": system,
        "score": estimate(score, 0.3),
        "elo": 1000 + 173.7178 * score,
        "games": 240,
        "win_rate": 0.5 + score / 4,
        "rank": rank,
        "rank_low": max(1, rank - 1),
        "rank_high": rank + 1,
        "best": 0.8 / rank**2,
        "is_preliminary": False,
        "component": 0,
        **others,
    }


def ladder(model: str, systems: Sequence[str], stretch: float = 1.0) -> dict[str, Any]:
    middle = (len(systems) - 1) / 2
    rungs = [rung(each, place + 1, stretch * (middle - place) / 2) for place, each in enumerate(systems)]
    return {
        "model": model,
        "rungs": rungs,
        "components": [list(systems)],
        "prior": 0.1,
        "tie_strength": 0.42 if model == "davidson" else None,
        "note": "",
        "is_strongly_connected": True,
    }


def matrix(systems: Sequence[str]) -> dict[str, Any]:
    size = len(systems)
    wins = [[0 if row == column else max(0, 10 + 3 * (column - row)) for column in range(size)] for row in range(size)]
    ties = [[0 if row == column else 4 for column in range(size)] for row in range(size)]
    losses = [list(column) for column in zip(*wins, strict=True)]
    rates = [
        [
            None if row == column else (wins[row][column] + 2) / (wins[row][column] + losses[row][column] + 4)
            for column in range(size)
        ]
        for row in range(size)
    ]
    return {"systems": list(systems), "wins": wins, "ties": ties, "losses": losses, "rates": rates}


def agreement(level: str, between: list[str] | None = None) -> dict[str, Any]:
    return {
        "contrast": between,
        "level": level,
        "alpha": estimate(0.31, 0.09, basis="units"),
        "ac": estimate(0.44, 0.08, basis="units"),
        "fleiss": 0.30 if level == "nominal" else None,
        "raw": 0.58,
        "units": 55,
        "ratings": 115,
        "raters": 6,
        "overlap": 2.1,
        "ceiling": list(share_of(71.5, 115)),
        "note": "",
    }


def rater(name: str, hits: float = 20, **others: Any) -> dict[str, Any]:
    return {
        "rater": name,
        "judgements": 30,
        "median_seconds": 21.5,
        "others": list(share_of(hits, 30)),
        "repeats": list(share_of(4, 5)),
        "gold": list(share_of(3, 3)),
        "left": list(share_of(14, 27)),
        "ties": 0.1,
        "both_bad": 0.02,
        "longer": list(share_of(16, 27)),
        "longest_run": 5,
        "expected": 0.71,
        "flags": [],
        **others,
    }


def judge(name: str = "judge: gpt-oss-20b", **others: Any) -> dict[str, Any]:
    return {
        "judge": name,
        "items": 50,
        "unique": 42,
        "accuracy": list(share_of(30, 42)),
        "kappa": estimate(0.41, 0.2, basis="units"),
        "accuracy_decisive": list(share_of(29, 36)),
        "kappa_decisive": estimate(0.55, 0.2, basis="units"),
        "votes": list(share_of(66, 100)),
        "ceiling": list(share_of(71.5, 115)),
        "confusion": [[18, 1, 3, 0], [3, 2, 1, 0], [3, 0, 10, 1]],
        "classes": ["first", "tie", "second", "unreadable"],
        "flips": list(share_of(6, 50)),
        "first_place": list(share_of(28, 50)),
        "unreadable": 1,
        "note": "",
        **others,
    }


def means(systems: Sequence[str], criteria: Sequence[str], top: int = 5) -> list[dict[str, Any]]:
    return [
        {
            "system": system,
            "criterion": criterion,
            "mean": estimate(min(top - 0.2, 3.2 + 0.2 * (len(systems) - place)), 0.25),
            "ratings": 40,
            "scale": [1, top],
            "distribution": [2, 5, 10, 15, 8],
        }
        for criterion in criteria
        for place, system in enumerate(systems)
    ]


def worth(system: str, share: float | None, cost: float | None, seconds: float | None) -> dict[str, Any]:
    return {
        "system": system,
        "share": share,
        "cost_usd": cost,
        "seconds": seconds,
        "cost_per_extra_win": 0.034 if cost else None,
        "words": f"{system} costs more and wins more.",
    }


def analysis(systems: Sequence[str] = ROLES, *, by: str = "role", **others: Any) -> dict[str, Any]:
    """An analysis with every part filled."""
    pairs = list(combinations(systems, 2))
    asked = {"studies": ["01J"], "open": False, "by": by, "language": [], "tags": [], "lengths": [], "raters": []}
    asked |= {"leave_out": ["too_fast", "after_reveal", "excluded"], "seed": 7, "level": 0.95, "width": 0.05}
    differences = [
        {"first": first, "second": second, "criterion": "Clarity", "difference": estimate(0.2, 0.1)}
        for first, second in pairs
    ]
    return {
        "asked": asked,
        "stamp": "5f3c",
        "sources": [],
        "choices": {},
        "counts": {
            "units": 60,
            "prompts": 60,
            "judgements": 120,
            "comparisons": 360,
            "raters": 3,
            "skips": 3,
            "both_bad": 2,
        },
        "left_out": [
            {
                "rule": "too_fast",
                "words": "Faster than the study's limit",
                "judgements": 4,
                "raters": 2,
                "is_applied": True,
            },
            {
                "rule": "failed_gold",
                "words": "By raters who missed checks",
                "judgements": 0,
                "raters": 0,
                "is_applied": False,
            },
        ],
        "contrasts": [contrast(first, second, 0.62 - 0.09 * place) for place, (first, second) in enumerate(pairs)],
        "ladders": [ladder("bradley_terry", systems), ladder("davidson", systems, 1.7)],
        "ladder_note": "",
        "matrix": matrix(systems),
        "agreement": [agreement("nominal"), agreement("ordinal")],
        "position": {
            "left": list(share_of(64, 120)),
            "clustered": estimate(0.53, 0.09),
            "p": 0.46,
            "note": "",
        },
        "length": {"slope": estimate(0.21, 0.3), "longer": list(share_of(66, 118)), "clipped": 2, "note": ""},
        "adjusted": [
            {"system": each, "score": estimate(0.4 - place / 3, 0.3), "plain": 0.45 - place / 3}
            for place, each in enumerate(systems)
        ],
        "adjusted_note": "",
        "raters": [rater("anna"), rater("bob", 24), rater("Zoë", 11, flags=["like chance", "fast"])],
        "judges": [judge()],
        "rubric": {"means": means(systems, ["Helpfulness", "Clarity", "Overall"]), "differences": differences},
        "worth": [worth(each, 0.6 - place / 10, 0.02 / 4**place, 14 / 2**place) for place, each in enumerate(systems)],
        "next": [],
        "both_bad": estimate(0.017, 0.015),
        "notes": [],
        "seconds": 0.02,
        **others,
    }


def empty() -> dict[str, Any]:
    """What is told of a study that nobody has judged yet."""
    nothing = ("contrasts", "ladders", "agreement", "adjusted", "raters", "judges", "worth", "left_out")
    return analysis(
        **{name: [] for name in nothing},
        matrix={"systems": [], "wins": [], "ties": [], "losses": [], "rates": []},
        rubric={"means": [], "differences": []},
        position=None,
        length=None,
        both_bad=None,
        ladder_note="A ladder needs three systems.",
        counts=dict.fromkeys(("units", "prompts", "judgements", "comparisons", "raters", "skips", "both_bad"), 0),
        notes=["Nobody has judged yet."],
    )
