"""The lab's reports for a terminal: a headline and a few aligned columns. Everything else is in the CSV and JSON."""

from collections.abc import Callable, Iterator
from typing import Any

from fusion_ui.analysis.rules import rule_text
from fusion_ui.cli.aligned import aligned, number
from fusion_ui.engine.values import StopRule

_RIVALS = {
    "best_on_train": "the member that is best on the first set",
    "best_on_test": "the member that is best on the other set",
    "uniform": "equal weights",
}


def in_words(report: dict[str, Any]) -> str:
    """The report as a person reads it."""
    return "\n".join([report["title"], *_LINES_BY_KIND[report["kind"]](report["result"])])


def _replay(result: dict[str, Any]) -> Iterator[str]:
    yield f"The vote without end is right in {number(result['limit_accuracy'])} of {result['judged']} questions"
    yield from aligned(
        ("rule", "draws", "tokens", "mode agreement", "accuracy", "95 % of the simulation"),
        (
            (
                _rule(row),
                number(row["draws"], 1),
                number(row["tokens"], 0),
                number(row["mode_agreement"]),
                number(row["accuracy"]),
                _interval(row["accuracy_low"], row["accuracy_high"]),
            )
            for row in result["rows"]
        ),
    )


def _weights(result: dict[str, Any]) -> Iterator[str]:
    weighting, validation = result["weighting"], result["validation"]
    yield result["verdict"]
    yield (
        f"{weighting['solved']} of {weighting['total']} questions solved ({weighting['status']}, gap "
        f"{weighting['gap']:.1%}), margin {number(weighting['margin'])}; "
        f"on questions held out {number(validation['cross_validated'], 1)}"
    )
    yield from aligned(
        ("member", "weight", "solved alone"),
        (
            (single["member"], number(weight), str(single["solved"]))
            for single, weight in zip(weighting["singles"], weighting["weights"], strict=True)
        ),
    )


def _transfer(result: dict[str, Any]) -> Iterator[str]:
    yield result["verdict"]
    yield from aligned(
        ("judged on", "solved", "total", "uniform", "best single there"),
        (
            (name, *(str(result[name][part]) for part in ("solved", "total", "uniform_solved")), _best(result[name]))
            for name in ("train", "test")
        ),
    )
    yield from aligned(
        ("member", "weight"),
        ((member, number(weight)) for member, weight in zip(result["members"], result["weights"], strict=True)),
    )


def _curve(result: dict[str, Any]) -> Iterator[str]:
    yield from aligned(
        ("questions", "accuracy on others", "95 %", "uniform", "best single"),
        (
            (
                str(point["questions"]),
                number(point["accuracy"]),
                _interval(point["low"], point["high"]),
                number(point["uniform"]),
                number(point["best_single"]),
            )
            for point in result["points"]
        ),
    )


def _subsets(result: dict[str, Any]) -> Iterator[str]:
    yield f"{result['subsets']} choices of {result['size']} members: solved weights on the other set, compared with"
    yield from aligned(
        ("", "better", "tied", "worse"),
        (
            (words, *(str(result[name][part]) for part in ("better", "tied", "worse")))
            for name, words in _RIVALS.items()
        ),
    )


def _rule(row: dict[str, Any]) -> str:
    return rule_text(StopRule(name=row["rule"], threshold=row["threshold"], minimum=row["minimum"] or 1))


def _best(score: dict[str, Any]) -> str:
    return f"{score['best_single_here']['member']} {score['best_single_here']['solved']}"


def _interval(low: float | None, high: float | None) -> str:
    return "-" if low is None or high is None else f"{low:.3f} to {high:.3f}"


_LINES_BY_KIND: dict[str, Callable[[dict[str, Any]], Iterator[str]]] = {
    "replay": _replay,
    "weights": _weights,
    "transfer": _transfer,
    "subsets": _subsets,
    "curve": _curve,
}
