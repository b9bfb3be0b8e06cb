"""An analysis as tidy tables for spreadsheets, a row a thing. Columns are a contract; new ones may be added.

An estimate takes five columns (x, x_low, x_high, x_basis, x_n), a share five as well (x, x_hits, x_of, x_low, x_high).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Found = Mapping[str, Any]
Row = dict[str, Any]


class Table(NamedTuple):
    """Columns, and rows by them."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def table_of(analysis: Found, name: str) -> Table:
    """The table of this name, which is one of TABLES."""
    rows = tuple(TABLES[name](analysis))
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    return Table(columns or _HEADS[name], rows)


def _contrasts(analysis: Found) -> Iterator[Row]:
    """A row a contrast, then one for each of its groups."""
    for each in analysis["contrasts"]:
        around = {"first": each["first"], "second": each["second"]}
        plan, verdict = each["plan"] or _NO_PLAN, each["verdict"] or _NO_VERDICT
        yield around | {
            "group": "",
            "value": "",
            **_named(each, "units prompts raters judgements wins ties losses both_bad skips"),
            **_estimate("rate", each["rate"]),
            **_estimate("difference", each["difference"]),
            **_share("votes", each["votes"]),
            **_named(each, "sign_p holm_p is_preliminary"),
            **_estimate("both_bad_share", each["both_bad_share"]),
            **_estimate("adjusted", each["adjusted"]),
            "state": verdict["state"],
            "evidence": verdict["evidence"],
            "always_low": verdict["low"],
            "always_high": verdict["high"],
            **_named(plan, "more_judgements add design_effect is_assumed votes_for_power"),
            "note": each["note"],
        }
        for group, rates in each["groups"].items():
            for rate in rates:
                counts = _named(rate, "prompts judgements wins ties losses both_bad")
                yield around | {"group": group, "value": rate["name"], **counts, **_estimate("rate", rate["rate"])}


def _ladder(analysis: Found) -> Iterator[Row]:
    for ladder in analysis["ladders"]:
        for rung in ladder["rungs"]:
            yield {
                "model": ladder["model"],
                **_named(rung, "system"),
                **_estimate("score", rung["score"]),
                **_named(rung, "elo games win_rate rank rank_low rank_high best is_preliminary component"),
                **_named(ladder, "prior tie_strength is_strongly_connected"),
            }


def _agreement(analysis: Found) -> Iterator[Row]:
    for each in analysis["agreement"]:
        first, second = each["contrast"] or ("", "")
        yield {
            "first": first,
            "second": second,
            "level": each["level"],
            **_estimate("alpha", each["alpha"]),
            **_estimate("ac", each["ac"]),
            **_named(each, "fleiss raw units ratings raters overlap"),
            **_share("ceiling", each["ceiling"]),
            "note": each["note"],
        }


def _raters(analysis: Found) -> Iterator[Row]:
    for each in analysis["raters"]:
        yield {
            **_named(each, "rater judgements median_seconds"),
            **_share("others", each["others"]),
            **_share("repeats", each["repeats"]),
            **_share("gold", each["gold"]),
            **_share("left", each["left"]),
            **_named(each, "ties both_bad"),
            **_share("longer", each["longer"]),
            **_named(each, "longest_run expected"),
            "flags": "; ".join(each["flags"]),
            "judged_in": "; ".join(f"{own['source']} {own['judgements']}" for own in each["judged_in"]),
        }


def _effects(analysis: Found) -> Iterator[Row]:
    """What the side and the length of an answer bring, then scores at equal side and length beside the plain ones."""
    position, length = analysis["position"] or _NO_EFFECT, analysis["length"] or _NO_EFFECT
    yield from _won("left won", position["left"], position["clustered"], p=position["p"], note=position["note"])
    yield from _won("longer won", length["longer"], None, note=length["note"])
    if length["slope"] is not None:
        around = {"effect": "logit of log length ratio", "system": ""}
        yield (
            around | _estimate("value", length["slope"]) | {"plain": length["unclipped"], "clipped": length["clipped"]}
        )
    for each in analysis["adjusted"]:
        around = {"effect": "score at equal side and length", "system": each["system"]}
        yield around | _estimate("value", each["score"]) | {"plain": each["plain"]}


def _won(effect: str, votes: Sequence[Any], clustered: Found | None, **more: Any) -> Iterator[Row]:
    """A share of decisive votes, over prompts and raters where that is known; nothing of no votes."""
    if votes[1]:
        yield {"effect": effect, "system": "", **_estimate("value", clustered), **_share("votes", votes), **more}


def _judges(analysis: Found) -> Iterator[Row]:
    for each in analysis["judges"]:
        yield {
            **_named(each, "judge items unique"),
            **_share("accuracy", each["accuracy"]),
            **_estimate("kappa", each["kappa"]),
            **_share("accuracy_decisive", each["accuracy_decisive"]),
            **_estimate("kappa_decisive", each["kappa_decisive"]),
            **_share("votes", each["votes"]),
            **_share("ceiling", each["ceiling"]),
            **_share("flips", each["flips"]),
            **_share("first_place", each["first_place"]),
            **_named(each, "unreadable note"),
        }


def _rubric(analysis: Found) -> Iterator[Row]:
    """Means, then differences, which have a second system."""
    for each in analysis["rubric"]["means"]:
        low, high = each["scale"]
        counts = " ".join(map(str, each["distribution"]))
        around = {"system": each["system"], "against": "", "criterion": each["criterion"]}
        yield around | {
            **_estimate("score", each["mean"]),
            "ratings": each["ratings"],
            "scale_low": low,
            "scale_high": high,
            "distribution": counts,
        }
    for each in analysis["rubric"]["differences"]:
        around = {"system": each["first"], "against": each["second"], "criterion": each["criterion"]}
        yield around | _estimate("score", each["difference"])


def _matrix(analysis: Found) -> Iterator[Row]:
    matrix = analysis["matrix"]
    for i, system in enumerate(matrix["systems"]):
        for j, other in enumerate(matrix["systems"]):
            if matrix["rates"][i][j] is not None:
                counts = {name: matrix[name][i][j] for name in ("wins", "ties", "losses")}
                yield {"system": system, "against": other, **counts, "rate": matrix["rates"][i][j]}


def _listed(name: str) -> Callable[[Found], Iterator[Row]]:
    return lambda analysis: (dict(each) for each in analysis[name])


TABLES: Mapping[str, Callable[[Found], Iterator[Row]]] = {
    "contrasts": _contrasts,
    "ladder": _ladder,
    "effects": _effects,
    "agreement": _agreement,
    "raters": _raters,
    "judges": _judges,
    "rubric": _rubric,
    "worth": _listed("worth"),
    "next": _listed("next"),
    "matrix": _matrix,
}
_HEADS: Mapping[str, tuple[str, ...]] = {
    "contrasts": ("first", "second", "group", "value"),
    "ladder": ("model", "system"),
    "effects": ("effect", "system"),
    "agreement": ("first", "second", "level"),
    "raters": ("rater", "judgements"),
    "judges": ("judge", "items"),
    "rubric": ("system", "against", "criterion"),
    "worth": ("system", "share"),
    "next": ("study_id", "unit"),
    "matrix": ("system", "against"),
}


_NO_PLAN = dict.fromkeys("more_judgements add design_effect is_assumed votes_for_power".split())
_NO_EFFECT: Found = {"left": (0, 0), "clustered": None, "p": None, "note": ""} | {"longer": (0, 0), "slope": None}
_NO_VERDICT = dict.fromkeys("state evidence low high".split())


def _named(cells: Found, names: str) -> Row:
    return {name: cells[name] for name in names.split()}


def _estimate(name: str, told: Found | None) -> Row:
    cells: Found = told or dict.fromkeys(("value", "low", "high", "basis", "n"))
    return {
        name: cells["value"],
        f"{name}_low": cells["low"],
        f"{name}_high": cells["high"],
        f"{name}_basis": cells["basis"],
        f"{name}_n": cells["n"],
    }


def _share(name: str, told: Sequence[Any]) -> Row:
    hits, of, share, low, high = told
    return {name: share, f"{name}_hits": hits, f"{name}_of": of, f"{name}_low": low, f"{name}_high": high}
