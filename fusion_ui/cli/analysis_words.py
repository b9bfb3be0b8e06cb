"""An analysis for a terminal: a few aligned tables and what must be said with them. Everything else is in the JSON."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fusion_ui.cli.aligned import aligned, number

Found = Mapping[str, Any]
_MOST_ROWS = 40
_RATERS = ("rater", "judged", "with others", "repeats", "known items", "left", "median s", "worth a look")
_JUDGES = ("judge", "items", "right", "kappa", "people among themselves", "flips", "unreadable")


def in_words(analysis: Found) -> str:
    """The analysis as a person reads it."""
    parts = (_head, _contrasts, _ladders, _agreement, _effects, _raters, _judges, _rubric, _worth, _next, _left_out)
    return "\n".join(line for part in parts for line in _spaced(list(part(analysis)))).strip()


def _spaced(lines: list[str]) -> list[str]:
    return [*lines, ""] if lines else []


def _head(analysis: Found) -> Iterator[str]:
    counts = analysis["counts"]
    yield (
        f"{_many(counts['judgements'], 'judgement')} of {_many(counts['units'], 'item')} "
        f"({_many(counts['prompts'], 'prompt')}) by {_many(counts['raters'], 'person', 'people')}; "
        f"{_many(counts['skips'], 'skip')}, {counts['both_bad']:,} times all bad"
    )
    yield from (f"  {each['title']} [{each['id']}]: {each['judgements']:,}" for each in analysis["sources"])
    yield from analysis["notes"]


def _contrasts(analysis: Found) -> Iterator[str]:
    level = f"{100 * analysis['asked']['level']:g} %"
    head = ("contrast", "win rate", level, "win", "tie", "loss", "both bad", "skip", "items", "people", "verdict")
    yield from _table(head, map(_contrast, analysis["contrasts"]))
    for each in analysis["contrasts"][:_MOST_ROWS]:
        words = [
            each["rate"]["note"],
            each["note"],
            (each["verdict"] or {}).get("words"),
            (each["plan"] or {}).get("words"),
        ]
        yield f"{each['first']} : {each['second']}: {' '.join(filter(None, words))}"


def _contrast(each: Found) -> Sequence[str]:
    counts = (f"{each[name]:,}" for name in ("wins", "ties", "losses", "both_bad", "skips", "units", "raters"))
    state = "preliminary" if each["is_preliminary"] else (each["verdict"] or {}).get("state", "")
    return (
        f"{each['first']} : {each['second']}",
        _per_cent(each["rate"]["value"]),
        _within(each["rate"]),
        *counts,
        state,
    )


def _ladders(analysis: Found) -> Iterator[str]:
    for ladder in analysis["ladders"]:
        yield ladder["model"].replace("_", "-").title()
        yield from _table(
            ("system", "rank", "from", "to", "elo", "score", "interval", "best", "games"),
            (
                (
                    rung["system"] + ("*" if rung["is_preliminary"] else ""),
                    str(rung["rank"]),
                    str(rung["rank_low"]),
                    str(rung["rank_high"]),
                    number(rung["elo"], 0),
                    number(rung["score"]["value"], 2),
                    f"{number(rung['score']['low'], 2)} to {number(rung['score']['high'], 2)}",
                    _per_cent(rung["best"]),
                    f"{rung['games']:,}",
                )
                for rung in ladder["rungs"]
            ),
        )
        yield ladder["note"]
    if analysis["ladder_note"] and analysis["contrasts"]:
        yield analysis["ladder_note"]


def _agreement(analysis: Found) -> Iterator[str]:
    rows = [
        (
            " : ".join(each["contrast"] or ("all",)),
            each["level"],
            number((each["alpha"] or {}).get("value"), 3),
            number((each["ac"] or {}).get("value"), 3),
            _per_cent(each["ceiling"][2]),
            f"{each['units']:,}",
            number(each["overlap"], 1),
        )
        for each in analysis["agreement"]
        if each["ratings"]
    ]
    yield from _table(
        ("agreement", "level", "alpha", "AC", "a person vs. the others", "items", "ratings an item"), rows
    )
    yield from dict.fromkeys(each["note"] for each in analysis["agreement"] if rows and each["note"])


def _effects(analysis: Found) -> Iterator[str]:
    shares = {"left": analysis["position"] and analysis["position"]["left"]}
    shares["longer"] = analysis["length"] and analysis["length"]["longer"]
    for which, share in shares.items():
        if share and share[1]:
            within = f"{_per_cent(share[3])} to {_per_cent(share[4])}"
            yield f"The {which} answer wins {_per_cent(share[2])} ({within}) of decisive votes"


def _raters(analysis: Found) -> Iterator[str]:
    yield from _table(
        _RATERS,
        (
            (
                each["rater"],
                f"{each['judgements']:,}",
                *(_per_cent(each[name][2]) for name in ("others", "repeats", "gold", "left")),
                number(each["median_seconds"], 1),
                "; ".join(each["flags"]),
            )
            for each in analysis["raters"]
        ),
    )


def _judges(analysis: Found) -> Iterator[str]:
    yield from _table(
        _JUDGES,
        (
            (
                each["judge"],
                f"{each['items']:,}",
                _per_cent(each["accuracy"][2]),
                number((each["kappa"] or {}).get("value"), 3),
                _per_cent(each["ceiling"][2]),
                _per_cent(each["flips"][2]),
                f"{each['unreadable']:,}",
            )
            for each in analysis["judges"]
        ),
    )


def _rubric(analysis: Found) -> Iterator[str]:
    yield from _table(
        ("system", "criterion", "mean", "interval", "scores"),
        (
            (
                each["system"],
                each["criterion"],
                number(each["mean"]["value"], 2),
                _plain(each["mean"]),
                f"{each['ratings']:,}",
            )
            for each in analysis["rubric"]["means"]
        ),
    )


def _worth(analysis: Found) -> Iterator[str]:
    known = [each for each in analysis["worth"] if each["cost_usd"] is not None or each["seconds"] is not None]
    yield from _table(
        ("system", "wins", "USD an answer", "seconds", "USD an extra win"),
        (
            (
                each["system"],
                _per_cent(each["share"]),
                number(each["cost_usd"], 5),
                number(each["seconds"], 1),
                number(each["cost_per_extra_win"], 4),
            )
            for each in known
        ),
    )


def _next(analysis: Found) -> Iterator[str]:
    yield from _table(
        ("rate next", "item", "study", "judged"),
        (
            (f"{each['first']} : {each['second']}", str(each["unit"] + 1), each["study_id"], str(each["judgements"]))
            for each in analysis["next"][:5]
        ),
    )


def _left_out(analysis: Found) -> Iterator[str]:
    yield from _table(
        ("rule", "judgements", "people", "left out"),
        (
            (each["words"], f"{each['judgements']:,}", f"{each['raters']:,}", "yes" if each["is_applied"] else "no")
            for each in analysis["left_out"]
        ),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The table, if it has a row; what is too much for a terminal is counted."""
    listed = list(rows)
    if listed:
        yield from aligned(head, listed[:_MOST_ROWS])
    if len(listed) > _MOST_ROWS:
        yield f"and {len(listed) - _MOST_ROWS:,} more: see --csv or --json"


def _many(count: int, one: str, several: str = "") -> str:
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def _per_cent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _within(estimate: Found) -> str:
    low, high = estimate["low"], estimate["high"]
    return "-" if low is None or high is None else f"{low:.1%} to {high:.1%}"


def _plain(estimate: Found) -> str:
    return f"{number(estimate['low'], 2)} to {number(estimate['high'], 2)}"
