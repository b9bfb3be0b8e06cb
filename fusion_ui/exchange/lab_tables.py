"""The lab's reports as tidy CSV (RFC 4180): one table a kind, which a spreadsheet opens without running any of it.

Settings that hold for a whole report stand in every row, so that the tables of several reports can be put together.
Columns are a contract; new ones may be added.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from fusion_ui.exchange.spreadsheets import csv_text

Found = Mapping[str, Any]

_TRANSFER = """members weights status gap
    train_solved train_total train_uniform_solved train_best_single train_best_single_solved
    train_best_single_here train_best_single_here_solved
    test_solved test_total test_uniform_solved test_best_single test_best_single_solved
    test_best_single_here test_best_single_here_solved"""
_COLUMNS = {
    "replay": """members weights questions judged trials cap limit_accuracy rule threshold minimum
        draws draws_low draws_high tokens mode_agreement accuracy accuracy_low accuracy_high
        questions_low questions_high capped""",
    "weights": """member weight solved_alone solved total margin status gap uniform_solved best_single
        best_single_solved cross_validated low high cross_validated_uniform cross_validated_best_single
        over_uniform over_uniform_low over_uniform_high over_single over_single_low over_single_high folds repeats
        unproven""",
    "transfer": _TRANSFER,
    "subsets": _TRANSFER,
    "curve": "members questions accuracy low high uniform best_single unproven total trials",
    "questions": """members weights trials cap question text gold mode lead gold_lead blank
        rule threshold draws mode_agreement accuracy""",
}


def csv_of(report: Found) -> str:
    """The table of a report: a row a rule, a member, a set of weights or a point, as its kind has it."""
    kind = report["kind"]
    return _table(report, columns=_COLUMNS[kind], rows=_ROWS[kind](report["result"]))


def questions_csv(report: Found) -> str:
    """The table of a replay by question: a row a question and rule."""
    return _table(report, columns=_COLUMNS["questions"], rows=_question_rows(report["result"]))


def _table(report: Found, *, columns: str, rows: Iterable[Found]) -> str:
    around = {"report": report.get("id"), "seed": report["seed"]}
    return csv_text((dict(row) | around for row in rows), columns=["report", *columns.split(), "seed"])


def _mixture(result: Found) -> dict[str, Any]:
    """A result with its members, and their weights where it has them, in one cell each."""
    told = dict(result) | {"members": " + ".join(result["members"])}
    if "weights" in result:
        told["weights"] = " ".join(str(weight) for weight in result["weights"])
    return told


def _replay_rows(result: Found) -> Iterator[Found]:
    return (_mixture(result) | row for row in result["rows"])


def _question_rows(result: Found) -> Iterator[Found]:
    mixture = _mixture(result)
    for question in result["by_question"]:
        for place, rule in enumerate(result["rows"]):
            measured = {name: question[name][place] for name in ("draws", "mode_agreement", "accuracy")}
            named = {"question": question["name"], "rule": rule["rule"], "threshold": rule["threshold"]}
            yield mixture | question | named | measured


def _weights_rows(result: Found) -> Iterator[Found]:
    weighting, validation = result["weighting"], result["validation"] or {}
    around = weighting | validation | _single("best_single", weighting["best_single"])
    for rival in ("over_uniform", "over_single") if validation else ():
        found = validation[rival]
        around |= {rival: found["more"], f"{rival}_low": found["low"], f"{rival}_high": found["high"]}
    around["cross_validated_uniform"] = validation.get("uniform")
    around["cross_validated_best_single"] = validation.get("best_single")
    alone = {single["member"]: single["solved"] for single in weighting["singles"]}
    for member, weight in zip(weighting["members"], weighting["weights"], strict=True):
        yield around | {"member": member, "weight": weight, "solved_alone": alone[member]}


def _transfer_row(result: Found) -> Found:
    row = _mixture(result)
    for side in ("train", "test"):
        score = result[side]
        told = score | _single("best_single", score["best_single"])
        told |= _single("best_single_here", score["best_single_here"])
        row |= {f"{side}_{name}": cell for name, cell in told.items()}
    return row


def _single(name: str, single: Found) -> dict[str, Any]:
    return {name: single["member"], f"{name}_solved": single["solved"]}


_ROWS: dict[str, Callable[[Found], Iterable[Found]]] = {
    "replay": _replay_rows,
    "weights": _weights_rows,
    "transfer": lambda result: [_transfer_row(result)],
    "subsets": lambda result: map(_transfer_row, result["rows"]),
    "curve": lambda result: (_mixture(result) | point for point in result["points"]),
}
