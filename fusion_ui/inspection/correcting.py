"""A person's grouping of a run's answers: from the body in which it is stored to a view counted anew, and back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from fusion_ui.analysis.regrouping import FUSION, Regrouping, RegroupingError
from fusion_ui.engine.answers import answer_key
from fusion_ui.engine.sampling import clean
from fusion_ui.replay import StoredRun
from storage.rows import Json
from storage.runs import RunRows

MOST_ALIASES = 500
LONGEST_ANSWER = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """What a person says of a run's answers: `answers` by the id of the output, see `Regrouping`."""

    aliases: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str | None] = field(default_factory=dict)


_GROUPING = TypeAdapter(Grouping)


def regrouping_in(rows: RunRows, body: Json) -> Regrouping:
    """The grouping that a stored body spells for this run; the empty one where there is none."""
    if body is None:
        return Regrouping()
    grouping, position_by_id = _GROUPING.validate_python(body), positions(rows)
    answers = {position_by_id[each]: answer for each, answer in grouping.answers.items()}
    return Regrouping(aliases=grouping.aliases, answers=answers)


def counted_answers(sampled: Mapping[str, str | None], body: Json) -> dict[str, str | None]:
    """What outputs are counted as under a stored body, by their ids, given what was read in them."""
    grouping = Grouping() if body is None else _GROUPING.validate_python(body)
    regrouping = Regrouping(aliases=grouping.aliases)
    told = {**sampled, **grouping.answers}
    return {output_id: regrouping.meaning(told[output_id]) for output_id in sampled}


def body_of(run: StoredRun, grouping: Grouping) -> dict[str, Json]:
    """What is stored of a grouping: answers as keys, and nothing that holds anyway. Raises RegroupingError."""
    if len(grouping.aliases) > MOST_ALIASES:
        raise RegroupingError(f"{len(grouping.aliases)} merged answers are too many; at most {MOST_ALIASES} are kept.")
    sampled = sampled_answers(run)
    if foreign := sorted(grouping.answers.keys() - sampled.keys()):
        raise RegroupingError(f"This run has no output {foreign[0][:40]!r}. Reload the page and group again.")
    known = {answer for answer in sampled.values() if answer is not None}
    aliases = {_key(start, known): _key(end, known) for start, end in grouping.aliases.items()}
    answers = {each: None if said is None else _key(said, known) for each, said in grouping.answers.items()}
    body: dict[str, Json] = {
        "aliases": {start: end for start, end in aliases.items() if start != end},
        "answers": {each: said for each, said in answers.items() if said != sampled[each]},
    }
    regrouping_in(run.rows, body)  # refuses circles
    return body


def positions(rows: RunRows) -> dict[str, int]:
    """Where each output stands, by its id: a candidate's position, FUSION for the fused text."""
    return {row.id: row.position or FUSION for row in rows.outputs}


def sampled_answers(run: StoredRun) -> dict[str, str | None]:
    """The answer that was read in each output, by its id."""
    return {row.id: row.answer for row in run.rows.outputs}


def _key(typed: str, known: set[str]) -> str:
    """The key of an answer as a person gives it: one that is counted already, else as it reads, else as it stands."""
    plain = " ".join(clean(typed).split())
    if not plain:
        raise RegroupingError("An answer is empty: write one, or say that the text gives none.")
    if len(plain) > LONGEST_ANSWER:
        raise RegroupingError(f"An answer has {len(plain)} characters; at most {LONGEST_ANSWER} are counted as one.")
    return plain if plain in known else answer_key(plain) or plain
