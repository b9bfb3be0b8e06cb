"""Analyses for the Analyse page's tests, in the shape the endpoint gives: rich, empty, of one rater, in two islands."""

from copy import deepcopy
from typing import Any

Json = dict[str, Any]
PAIRS = [("fusion", "best"), ("fusion", "vote"), ("fusion", "single")]
SYSTEMS = ["fusion", "best", "vote", "single"]
RULES = {
    "too_fast": "Faster than the study’s limit",
    "after_reveal": "Given after the names were shown",
    "failed_gold": "By people who failed the checks",
    "excluded": "Left out on the study’s board",
    "leaks": "An answer named its author",
}
LEFT_OUT = RULES | {"open": "Names were visible"}
ONE_RATER = "One rater: this describes these votes only. Judgements of a second person would give an interval."


def estimate(value: float, half: float | None = None, **changes: Any) -> Json:
    bounds = {"low": None, "high": None, "se": None, "df": None}
    if half is not None:
        bounds = {"low": value - half, "high": value + half, "se": half / 2.3, "df": 6}
    return {"value": value, **bounds, "n": 120, "basis": "prompts and raters", "note": ""} | changes


def share(hits: float, of: int, half: float = 0.08) -> list[Any]:
    """So many of so many: hits, of, share, low, high."""
    if not of:
        return [hits, of, None, None, None]
    value = hits / of
    return [hits, of, value, max(0, value - half), min(1, value + half)]


def asked(**changes: Any) -> Json:
    return {
        "studies": [], "open": False, "by": "role", "language": [], "tags": [], "lengths": [], "raters": [],
        "leave_out": list(RULES), "seed": 0, "level": 0.95, "width": 0.05,
    } | changes  # fmt: skip


def source(study: str, title: str, **changes: Any) -> Json:
    return {
        "id": study, "title": title, "kind": "study", "is_blind": True, "definition_sha256": "ab12" * 16, "units": 48,
        "judgements": 210, "raters": 7, "created_at": "2026-11-02T09:00:00Z",
    } | changes  # fmt: skip


SOURCES = [
    source("S1", "Does fusing beat picking?"),
    source("S2", "Fusion against the vote", units=36, judgements=150),
    source("C", "Ratings given on Compare", kind="compare", is_blind=False, definition_sha256=None, judgements=52),
]
CHOICES: Json = {
    "studies": SOURCES,
    "languages": [["en", 260], ["de", 64], ["ar", 36]],
    "tags": [["maths", 120], ["writing", 96], ["facts", 88]],
    "raters": [[name, n] for name, n in zip("ada ben chloe dora emil".split(), (96, 88, 70, 64, 42), strict=True)],
    "lengths": [["under 100", 140], ["100 to 499", 170], ["2,000 and more", 50]],
}


def plan(first: str, second: str, **changes: Any) -> Json:
    return {
        "first": first, "second": second, "width": 0.05, "half_width": 0.07, "more_judgements": 230, "add": "raters",
        "components": {"prompts": 0.34, "raters": 0.52, "votes": 0.14}, "design_effect": 2.4, "is_assumed": False,
        "votes_for_power": 310,
        "words": "About 230 more judgements by new people would bring the interval to ± 5 points.",
    } | changes  # fmt: skip


def verdict(state: str = "open", **changes: Any) -> Json:
    return {
        "state": state, "leader": "fusion" if state == "settled" else None, "evidence": 41.0, "bound": 20.0,
        "low": 0.51, "high": 0.72, "looks_allowed": True,
        "words": "The evidence for a difference is 41 to 1, past the bound of 20 to 1.",
    } | changes  # fmt: skip


def group(name: str, value: float, n: int) -> Json:
    wins = round(value * n)
    return {
        "name": name, "rate": estimate(value, 0.14), "wins": wins, "ties": 2, "losses": n - wins - 2, "both_bad": 0,
        "judgements": n, "prompts": max(3, n // 4),
    }  # fmt: skip


GROUPS = {
    "member": [group("ada-7b", 0.66, 80), group("ben-mini", 0.55, 72)],
    "language": [group("en", 0.63, 100), group("de", 0.52, 30)],
    "tag": [group("maths", 0.71, 52), group("writing", 0.5, 40), group("facts", 0.58, 36)],
    "length": [group("under 100", 0.6, 66), group("100 to 499", 0.62, 64)],
}


def contrast(first: str, second: str, value: float, state: str = "open", **changes: Any) -> Json:
    wins = round(value * 110)
    return {
        "first": first, "second": second, "units": 48, "prompts": 44, "raters": 5, "judgements": 132, "wins": wins,
        "ties": 18, "losses": 110 - wins, "both_bad": 4, "rate": estimate(value, 0.07),
        "difference": estimate(2 * value - 1, 0.13, basis="prompts"), "votes": share(wins, 110), "sign_p": 0.004,
        "holm_p": 0.012, "is_preliminary": False, "note": "", "skips": 3, "both_bad_share": estimate(0.03, 0.02),
        "groups": GROUPS, "plan": plan(first, second), "verdict": verdict(state),
        "adjusted": estimate(value - 0.03, 0.08),
    } | changes  # fmt: skip


def rung(system: str, score: float, rank: int, **changes: Any) -> Json:
    return {
        "system": system, "score": estimate(score, 0.28), "elo": 1000 + 173.7178 * score, "games": 132,
        "win_rate": 0.5 + score / 5, "rank": rank, "rank_low": rank, "rank_high": min(4, rank + 1),
        "best": max(0.0, 0.82 - 0.3 * (rank - 1)), "is_preliminary": False, "component": 0,
    } | changes  # fmt: skip


def ladder(model: str, stretch: float = 1.0, **changes: Any) -> Json:
    scores = [0.52, 0.08, -0.14, -0.46]
    rungs = [rung(name, stretch * score, at + 1) for at, (name, score) in enumerate(zip(SYSTEMS, scores, strict=True))]
    tie = 0.31 if model == "davidson" else None
    return {
        "model": model, "rungs": rungs, "components": [SYSTEMS], "prior": 0.1, "tie_strength": tie, "note": "",
        "is_strongly_connected": True,
    } | changes  # fmt: skip


MATRIX = {
    "systems": SYSTEMS,
    "wins": [[0, 66, 70, 81], [44, 0, 0, 0], [40, 0, 0, 0], [29, 0, 0, 0]],
    "ties": [[0, 22, 20, 18], [22, 0, 0, 0], [20, 0, 0, 0], [18, 0, 0, 0]],
    "losses": [[0, 44, 40, 29], [66, 0, 0, 0], [70, 0, 0, 0], [81, 0, 0, 0]],
    "rates": [[None, 0.58, 0.62, 0.7], [0.42, None, None, None], [0.38, None, None, None], [0.3, None, None, None]],
}


def agreement(pair: list[str] | None, level: str, alpha: float) -> Json:
    return {
        "contrast": pair, "level": level, "alpha": estimate(alpha, 0.12, basis="units"),
        "ac": estimate(alpha + 0.16, 0.1, basis="units"), "fleiss": alpha - 0.01, "raw": 0.61, "units": 40,
        "ratings": 118, "raters": 5, "overlap": 2.95, "ceiling": share(70, 110), "note": "",
    }  # fmt: skip


def rater(name: str, **changes: Any) -> Json:
    return {
        "rater": name, "judgements": 80, "median_seconds": 34.2, "others": share(46, 78), "repeats": share(4, 5, 0.3),
        "gold": share(3, 3, 0.5), "left": share(38, 72), "ties": 0.12, "both_bad": 0.03, "longer": share(41, 72),
        "longest_run": 5, "expected": 0.71, "flags": [],
        "judged_in": [{"source": "S1", "judgements": 60}, {"source": "S2", "judgements": 20}],
    } | changes  # fmt: skip


RATERS = [
    rater("ada", judgements=96),
    rater("ben", judgements=88, median_seconds=2.4, others=share(30, 86), flags=["like chance", "fast"]),
    rater("chloe", judgements=70, left=share(63, 68), flags=["one side"]),
    rater("dora", judgements=64, repeats=share(0, 0), gold=share(0, 0)),
    rater("emil", judgements=42, median_seconds=None, expected=None),
]
JUDGE = {
    "judge": "judge: mia-large", "items": 44, "unique": 38, "accuracy": share(25, 38, 0.15),
    "kappa": estimate(0.41, 0.2, basis="units"), "accuracy_decisive": share(24, 31, 0.14),
    "kappa_decisive": estimate(0.52, 0.24, basis="units"), "votes": share(70, 118), "ceiling": share(70, 110),
    "confusion": [[15, 2, 3, 1], [2, 1, 2, 0], [3, 1, 9, 1]], "classes": ["first", "tie", "second", "unreadable"],
    "flips": share(7, 40, 0.11), "first_place": share(27, 40, 0.14), "unreadable": 2, "note": "",
}  # fmt: skip


def rubric() -> Json:
    means, marks = [], {"correct": (4.3, 3.9), "clear": (4.4, 4.1)}
    for criterion, values in marks.items():
        for system, value in zip(("fusion", "best"), values, strict=True):
            told = {"system": system, "criterion": criterion, "mean": estimate(value, 0.2), "ratings": 64}
            means.append(told | {"scale": [1, 5], "distribution": [1, 3, 10, 24, 26]})
    differences = [
        {"first": "fusion", "second": "best", "criterion": name, "difference": estimate(one - other, 0.22)}
        for name, (one, other) in marks.items()
    ]
    return {"means": means, "differences": differences}


def worth(system: str, share_: float | None, cost: float | None, seconds: float | None, extra: float | None) -> Json:
    words = "" if extra is None else f"An extra win over a single sample costs ${extra:.3f}."
    return {
        "system": system, "share": share_, "cost_usd": cost, "seconds": seconds, "cost_per_extra_win": extra,
        "words": words,
    }  # fmt: skip


def following(unit: int, **changes: Any) -> Json:
    return {
        "unit": unit, "first": "fusion", "second": "best", "gain": 0.012 / (unit + 1), "judgements": 1,
        "why": "Judged once so far", "prompt": f"Why is the sky blue in place number {unit + 1}?", "study_id": "S1",
    } | changes  # fmt: skip


def rich(**changes: Any) -> Json:
    """Four systems, five people, a judge, something of everything the page tells."""
    return deepcopy({
        "asked": asked(), "stamp": "1", "sources": SOURCES[:2], "choices": CHOICES,
        "counts": {"units": 84, "prompts": 70, "judgements": 360, "comparisons": 396, "contrasts": 3, "raters": 5,
                   "skips": 7, "both_bad": 11},
        "left_out": [{"rule": rule, "words": words, "judgements": max(0, 12 - 3 * at), "raters": 2 if at < 3 else 0,
                      "is_applied": True} for at, (rule, words) in enumerate(LEFT_OUT.items())],
        "contrasts": [contrast("fusion", "best", 0.61, "settled"), contrast("fusion", "vote", 0.55),
                      contrast("fusion", "single", 0.7, is_preliminary=True, judgements=14, prompts=4)],
        "ladders": [ladder("bradley_terry"), ladder("davidson", 1.7)], "ladder_note": "", "matrix": MATRIX,
        "agreement": [agreement(list(pair), level, 0.31 + 0.05 * (level == "ordinal"))
                      for pair in PAIRS for level in ("nominal", "ordinal")],
        "position": {"left": share(188, 342, 0.05), "clustered": estimate(0.55, 0.06), "p": 0.07, "note": ""},
        "length": {"slope": estimate(0.34, 0.2, basis="prompts"), "longer": share(196, 342, 0.05), "clipped": 4,
                   "note": ""},
        "adjusted": [{"system": name, "score": estimate(0.4 - 0.25 * at, 0.3), "plain": 0.52 - 0.3 * at}
                     for at, name in enumerate(SYSTEMS)],
        "adjusted_note": "", "raters": RATERS, "judges": [JUDGE], "rubric": rubric(),
        "worth": [worth("fusion", 0.64, 0.0121, 14.2, 0.052), worth("best", 0.48, 0.0092, 11.0, 0.061),
                  worth("vote", 0.45, 0.006, 8.1, None), worth("single", 0.36, 0.0009, 3.1, None)],
        "next": [following(unit) for unit in range(6)], "both_bad": estimate(0.031, 0.018),
        "notes": ["Two prompts were judged in two languages and count once."], "seconds": 0.42,
    } | changes)  # fmt: skip


def empty(*, is_new: bool = False, **changes: Any) -> Json:
    """Nothing counts: because of the choice, or because nobody has judged anything yet."""
    nothing: Json = {name: [] for name in ("contrasts", "ladders", "agreement", "adjusted", "raters", "judges")}
    nothing |= {"worth": [], "next": [], "notes": [], "sources": [], "left_out": []}
    counts = dict.fromkeys("units prompts judgements comparisons contrasts raters skips both_bad".split(), 0)
    none: Json = {"studies": [], "languages": [], "tags": [], "raters": [], "lengths": []}
    return rich(
        **nothing, counts=counts, matrix={"systems": [], "wins": [], "ties": [], "losses": [], "rates": []},
        position=None, length=None, both_bad=None, rubric={"means": [], "differences": []},
        ladder_note="No two outputs were compared.", choices=none if is_new else CHOICES, **changes,
    )  # fmt: skip


def of_one_rater(**changes: Any) -> Json:
    """What one person said: values without intervals, each with its reason."""
    only = {"basis": "these votes only", "note": ONE_RATER, "n": 12}
    one = contrast(
        "fusion", "best", 0.67, raters=1, prompts=12, units=12, judgements=12, wins=7, ties=2, losses=3, both_bad=0,
        rate=estimate(0.67, **only), difference=estimate(0.33, **only), sign_p=None, holm_p=None, is_preliminary=True,
        note="Preliminary: fewer than 20 judgements.", both_bad_share=None, adjusted=None,
        groups={"member": [], "language": [], "tag": [], "length": []},
        plan=plan("fusion", "best", half_width=None, more_judgements=None, components=None, design_effect=3.0,
                  is_assumed=True, words="With one rater the interval cannot be planned: add a second person first."),
        verdict=verdict(evidence=1.4, low=0.2, high=0.95, words="Nothing is settled yet."),
    )  # fmt: skip
    none = {"alpha": None, "ac": None, "fleiss": None, "raw": None, "units": 0, "raters": 1, "overlap": 1.0}
    told = [agreement(["fusion", "best"], "nominal", 0.3) | none | {"note": "Nothing was judged by two people."}]
    return rich(
        contrasts=[one], agreement=told, ladders=[], ladder_note="Two outputs: their win rate says all there is.",
        matrix={"systems": ["fusion", "best"], "wins": [[0, 7], [3, 0]], "ties": [[0, 2], [2, 0]],
                "losses": [[0, 3], [7, 0]], "rates": [[None, 0.67], [0.33, None]]},
        raters=[rater("ada", judgements=12, others=share(0, 0), repeats=share(0, 0), gold=share(0, 0))], judges=[],
        position=None, length=None, adjusted=[], rubric={"means": [], "differences": []},
        counts={"units": 12, "prompts": 12, "judgements": 12, "comparisons": 12, "contrasts": 1, "raters": 1,
                "skips": 0, "both_bad": 0}, **changes,
    )  # fmt: skip


def in_islands(**changes: Any) -> Json:
    """Systems that were never compared across two groups: no score can bridge them."""
    parts = [["fusion", "best"], ["vote", "single"]]
    rungs = [rung(name, 0.2 - 0.4 * at, at + 1, component=part) for part, names in enumerate(parts)
             for at, name in enumerate(names)]  # fmt: skip
    apart = {"rungs": rungs, "components": parts, "is_strongly_connected": False}
    note = "Nobody compared fusion or best with vote or single: their scores cannot be put on one scale."
    both = [ladder("bradley_terry", **apart, note=note), ladder("davidson", **apart, note=note)]
    return rich(contrasts=[contrast("fusion", "best", 0.6), contrast("vote", "single", 0.58)], ladders=both, **changes)


def crowded() -> Json:
    """Twelve members that all met, of whom the page is sent the contrasts that are told in full."""
    names = [f"model {place}" for place in range(12)]
    met: Json = {"systems": names} | {
        part: [[None if part == "rates" and one == other else number for other in names] for one in names]
        for part, number in {"wins": 3, "ties": 0, "losses": 2, "rates": 0.6}.items()
    }
    pairs = [contrast(names[at], names[at + 1], 0.6, judgements=40 + at) for at in range(11)]
    rungs = [rung(name, 0.6 - 0.1 * at, at + 1) for at, name in enumerate(names)]
    counts = rich()["counts"] | {"contrasts": 66}
    return rich(
        asked=asked(by="member"), contrasts=pairs, counts=counts, matrix=met,
        ladders=[ladder("bradley_terry", rungs=rungs, components=[names])],
    )  # fmt: skip


def hostile(text: str) -> Json:
    """The same text wherever somebody else's words stand."""
    told = rich()
    told["contrasts"] = [contrast(text, f"{text} (fusion)", 0.6)]
    told["contrasts"][0] |= {"groups": {name: [group(text, 0.6, 40)] for name in GROUPS}, "note": text}
    told["contrasts"][0]["plan"]["words"] = told["contrasts"][0]["verdict"]["words"] = text
    for each in told["ladders"]:
        each["rungs"] = [rung(text, 0.3, 1), rung(f"{text} (fusion)", -0.3, 2)]
        each |= {"note": text, "components": [[text, f"{text} (fusion)"]]}
    told["matrix"]["systems"] = [text, *SYSTEMS[1:]]
    told["raters"] = [rater(text, flags=[text])]
    told["judges"][0] |= {"judge": text, "note": text}
    for each in told["rubric"]["means"] + told["rubric"]["differences"]:
        each["criterion"] = text
    told["worth"] = [worth(text, 0.6, 0.01, 3.0, None) | {"words": text}]
    told["next"] = [following(0, prompt=text, why=text)]
    told["notes"] = [text]
    told["left_out"][0]["words"] = text
    told["sources"] = [source("S1", text), source("S2", text)]
    told["choices"] |= {"studies": [source("S1", text)], "raters": [[text, 3]], "tags": [[text, 3]]}
    told["agreement"] = [agreement([text, text], "nominal", 0.3) | {"note": text}]
    return told
