"""Replies of the list and of the patterns, as the server words them, for browser tests of the Inspect page."""

from typing import Any

Json = dict[str, Any]
PAIRS = (
    "people-judge", "people-vote", "people-fusion", "people-gold", "judge-vote", "judge-fusion", "judge-gold",
    "vote-fusion", "vote-gold", "fusion-gold",
)  # fmt: skip


def run_id(number: int) -> str:
    return f"01KDZ{number:021d}"


def card(number: int, **changes: Any) -> Json:
    """One run of the list."""
    return {
        "run_id": run_id(number),
        "started_at": f"2026-01-{1 + number % 28:02d}T12:00:00.000Z",
        "origin": "sampled",
        "prompt": f"Question {number}: how long is the river that runs through the town?",
        "excerpt": [],
        "where": None,
        "members": ["careful", "quick"],
        "language": "en",
        "tags": ["geography"],
        "draws": 8,
        "failures": 0,
        "ended": "completed",
        "stop": "evidence",
        "stability": 0.97,
        "cost": 0.0123,
        "length": 1830,
        "prompt_length": 210,
        "disagree": [],
        "is": [],
        "loss": ["kept"],
        "flaws": {"count": 0, "worst": None},
        "ratings": 0,
        "studies": [],
        "right": {"vote": True, "best": True, "fusion": True},
    } | changes


def facet(**counts: int) -> list[Json]:
    return [{"value": name, "label": name, "count": count} for name, count in counts.items()]


FACETS: Json = {
    "disagree": [{"value": pair, "label": pair, "count": 40 - 4 * at} for at, pair in enumerate(PAIRS)],
    "is": facet(**{"fusion-contradicts-vote": 12, "majority-wrong": 7, "nobody-right": 0, "rated": 31}),
    "loss": facet(unknown=0, nobody=4, outvoted=9, misjudged=6, broken=3, repaired=5, kept=90),
    "stop": facet(evidence=80, certificate=0, budget=2, cap=31, exhausted=0, user=1, none=3),
    "ended": facet(completed=110, stopped=4, failed=2, interrupted=1),
    "origin": facet(sampled=100, scripted=12, recorded=5),
    "member": facet(**{f"member {at}": 60 - 2 * at for at in range(24)}),
    "language": facet(en=90, de=12, ar=8, unknown=7),
    "tag": facet(geography=50, arithmetic=40),
    "study": [{"value": "01STUDY", "label": "Pilot of March", "count": 12}],
    "flaw": facet(**{"reasoning": 9, "reasoning/arithmetic": 4, "answer": 3}),
    "severity": facet(major=7, minor=5),
    "failure": facet(timeout=4, rate=2),
}
RANGES: Json = {
    "stability": [0.31, 1.0], "length": [3, 8000], "prompt_length": [12, 4000], "failures": [0, 3],
    "cost": [0.0001, 0.4], "draws": [1, 32], "day": ["2026-01-02", "2026-03-01"],
}  # fmt: skip


def listing(cards: list[Json], **changes: Any) -> Json:
    """A page of the list; everything matches unless `changes` say otherwise."""
    number = changes.get("matching", len(cards))
    whole = {"total": number, "matching": number, "page": 1, "pages": max(1, -(-number // 50)), "per_page": 50}
    return whole | {"indexing": None, "reading": None, "cases": cards, "facets": FACETS, "ranges": RANGES} | changes


def share(count: int, of: int, **more: Any) -> Json:
    rate = count / of
    return {"rate": rate, "low": max(0.0, rate - 0.08), "high": min(1.0, rate + 0.1), "level": 0.95, "words": ""} | more


def rate_row(name: str, label: str, *, flawed: int, outputs: int, **more: Any) -> Json:
    found = share(flawed, outputs) if outputs else {"rate": None, "low": None, "high": None, "words": "no output seen"}
    classes = [{"category": "answer", "label": "Final answer", "flawed": 2, "filter": {"pattern": [f"{name}/answer"]}}]
    return {
        "name": name,
        "label": label,
        "outputs": outputs,
        "flawed": flawed,
        "weight_mean": 2.4 if outputs else None,
        "classes": [each | share(2, 30) for each in classes] if flawed else [],
        "filter": {"pattern": [f"strategy/{name}"]},
        "seen_filter": {"pattern": [f"seen/strategy/{name}"]},
    } | found | more  # fmt: skip


def patterns(**changes: Any) -> Json:
    """The patterns over 117 cases."""
    losses = {"nobody": 4, "outvoted": 9, "misjudged": 6, "broken": 3, "repaired": 5, "kept": 90}
    labels = dict(zip(losses, ("Nobody knew", "Outvoted", "Misjudged", "Broken", "Repaired", "Kept"), strict=True))
    funnel = [
        {"name": name, "label": labels[name], "count": count, "of": 112, "filter": {"loss": [name]}} | share(count, 112)
        for name, count in losses.items()
    ]
    strategies = [
        rate_row("single", "Single sample", flawed=14, outputs=30),
        rate_row("best", "Best-of-N", flawed=9, outputs=30),
        rate_row("vote", "Vote", flawed=0, outputs=0),
        rate_row("fusion", "Fused answer", flawed=12, outputs=30),
    ]
    reasoning = {
        "category": "reasoning", "key": "R", "label": "Reasoning", "count": 30, "outputs": 22, "cases": 20,
        "severities": {"major": 20, "minor": 10}, "filter": {"flaw": ["reasoning"]},
        "subtypes": [{"category": "reasoning/arithmetic", "label": "arithmetic", "count": 9, "outputs": 8,
                      "filter": {"flaw": ["reasoning/arithmetic"]}}],
    }  # fmt: skip
    answer = reasoning | {"category": "answer", "label": "Final answer", "count": 11, "subtypes": []}
    together = {
        "first": "answer", "second": "reasoning", "first_label": "Final answer", "second_label": "Reasoning",
        "outputs": 9, "expected": 4.1, "filter": {"pattern": ["together/answer+reasoning"]},
    }  # fmt: skip
    cluster = {
        "words": ["carry", "digit", "sum"], "count": 7, "cases": 6, "filter": {"run": [run_id(1), run_id(2)]},
        "examples": [{"run_id": run_id(1), "output_id": "o1", "note": "forgets to carry the one"}],
    }  # fmt: skip
    both = {"units": 12, "ratings": 24, "raw": 0.75, "alpha": 0.41, "words": "2 people on 12 outputs"}
    undefined = both | {"alpha": None, "words": "nobody marked this class"}
    return {
        "source": "people", "level": 0.95, "floor": 10, "cases": 117,
        "seen": {"cases": 40, "outputs": 97, "raters": 3, "marks": 120},
        "funnel": {"known": 112, "rows": funnel, "words": "Of the 112 cases with a reference answer."},
        "rates": [
            {"by": "strategy", "label": "By strategy", "rows": strategies},
            {"by": "member", "label": "By member", "rows": [rate_row("careful", "careful", flawed=6, outputs=40)]},
            {"by": "fusor", "label": "By version of the fusor's prompt", "rows": []},
        ],
        "classes": [reasoning, answer],
        "together": [together],
        "notes": {"total": 60, "used": 60, "clusters": [cluster], "alone": 21},
        "agreement": {"raters": 3, "outputs": 12, "any": both,
                      "spans": {"pairs": 2, "outputs": 2, "f1": 0.41, "words": "2 pairs"},
                      "classes": [undefined | {"category": "reasoning", "label": "Reasoning"}]},
    } | changes  # fmt: skip
