"""Reports of the lab made by hand, one a kind, as small as a figure and a table need them."""

from typing import Any

MEMBERS = ["gpt-oss-20b", "Phi-4-reasoning"]


def report(kind: str, result: dict[str, Any]) -> dict[str, Any]:
    return {"id": "01J", "kind": kind, "title": "by hand", "seed": 3, "result": result}


def row(rule: str, threshold: float, draws: float, accuracy: float | None, **others: float) -> dict[str, Any]:
    known = accuracy is not None
    return {
        "rule": rule,
        "threshold": threshold,
        "minimum": 3,
        "draws": draws,
        "draws_low": draws - 0.1,
        "draws_high": draws + 0.1,
        "tokens": 1000.0 * draws,
        "mode_agreement": 0.9,
        "accuracy": accuracy,
        "accuracy_low": accuracy - 0.01 if known else None,
        "accuracy_high": min(1.0, accuracy + 0.01) if known else None,
        "questions_low": accuracy - 0.1 if known else None,
        "questions_high": 1.0 if known else None,
        "capped": 0.05,
        **others,
    }


def replay(rows: list[dict[str, Any]] | None = None, members: list[str] | None = None, **others: Any) -> dict[str, Any]:
    if rows is None:
        rows = [row("bayes", 10, 4.7, 0.881), row("bayes", 30, 9.3, 0.898), row("fixed", 10, 10, 0.876)]
    question = {
        "name": "aime2025/7",
        "text": "How many?",
        "gold": "-1/2",
        "mode": "=1+1",
        "lead": 0.25,
        "gold_lead": -0.25,
        "blank": 0.02,
        "draws": [each["draws"] for each in rows],
        "accuracy": [each["accuracy"] for each in rows],
        "mode_agreement": [0.9 for _ in rows],
    }
    told = {
        "members": members or MEMBERS[:1],
        "weights": [1.0],
        "questions": 30,
        "judged": 30,
        "trials": 100,
        "cap": 100,
        "seed": 3,
        "limit_accuracy": 0.9,
        "rows": rows,
        "by_question": [question],
        "left_out": [],
    }
    return report("replay", told | others)


def single(member: str, solved: int) -> dict[str, Any]:
    return {"member": member, "solved": solved}


def weights(members: list[str] | None = None, **others: Any) -> dict[str, Any]:
    members = members or MEMBERS
    share = 1 / len(members)
    weighting = {
        "members": members,
        "weights": [share for _ in members],
        "solved": 28,
        "total": 30,
        "margin": 0.0125,
        "status": "optimal",
        "gap": 0.0,
        "uniform_solved": 26,
        "best_single": single(members[0], 27),
        "singles": [single(member, 27 - place) for place, member in enumerate(members)],
        "solved_questions": ["aime2025/1"],
        "left_out": [],
    }
    validation = {
        "folds": 5,
        "repeats": 10,
        "seed": 3,
        "total": 30,
        "cross_validated": 26.4,
        "low": 25.1,
        "high": 27.7,
        "uniform": 26.0,
        "best_single": 26.8,
        "over_uniform": {"more": 0.4, "low": -0.9, "high": 1.7},
        "over_single": {"more": -0.4, "low": -1.5, "high": 0.7},
        "unproven": 0,
    }
    return report("weights", {"weighting": weighting | others, "validation": validation, "verdict": "They do not pay."})


def score(solved: int, *, there: int, here: int, uniform: int = 25, total: int = 30) -> dict[str, Any]:
    return {
        "solved": solved,
        "total": total,
        "uniform_solved": uniform,
        "best_single": single(MEMBERS[0], there),
        "best_single_here": single(MEMBERS[1], here),
    }


def transfer_result(solved: int = 26) -> dict[str, Any]:
    return {
        "members": MEMBERS,
        "weights": [0.75, 0.25],
        "status": "optimal",
        "gap": 0.0,
        "train": score(29, there=28, here=28),
        "test": score(solved, there=26, here=27),
        "verdict": "One fewer than the best single member.",
        "left_out": [],
    }


def transfer(**others: Any) -> dict[str, Any]:
    return report("transfer", transfer_result() | others)


def subsets(solved: tuple[int, ...] = (25, 26, 27)) -> dict[str, Any]:
    rows = [transfer_result(each) for each in solved]
    against = {name: {"better": 1, "tied": 1, "worse": 1} for name in ("best_on_train", "best_on_test", "uniform")}
    return report("subsets", {"size": 2, "subsets": len(rows), **against, "rows": rows})


def curve(points: int = 3) -> dict[str, Any]:
    told = [
        {
            "questions": 5 * place,
            "accuracy": 0.85 + place / 100,
            "low": 0.84,
            "high": 0.9,
            "uniform": 0.85,
            "best_single": 0.88,
            "unproven": 0,
        }
        for place in range(1, points + 1)
    ]
    return report("curve", {"members": MEMBERS, "total": 30, "trials": 20, "seed": 3, "points": told, "left_out": []})


ALL = {made["kind"]: made for made in (replay(), weights(), transfer(), subsets(), curve())}
