"""What a study is made from: the app's own runs, or lines of JSON with the outputs of each role."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from fusion_ui.engine.voting import leaders
from fusion_ui.exchange.texts import MOST_CHARACTERS, LineError, Text, parsed_line
from fusion_ui.replay import StoredRun
from fusion_ui.studies.items import ItemSource
from fusion_ui.studies.naming import without_names
from fusion_ui.studies.protocol import Contender, Role, StudyError
from storage.runs import OutputRow

MOST_LINES = 20_000


def source_of(run: StoredRun, *, masks: bool = False) -> ItemSource:
    """A run with the outputs of each role; a single sample is the first that finished, in order of asking.

    `masks` hides the phrases by which a text names who wrote it.
    """
    rows, view = run.rows, run.view
    by_position = {row.position or 0: row for row in rows.candidates}
    names = tuple({name for row in rows.candidates for name in (row.member, row.model)})

    def contender(row: OutputRow, role: Role) -> Contender:
        made = Contender(output_id=row.id, role=role, text=row.text, member=row.member)
        return without_names(made, names=names, masks=masks)

    outputs: dict[Role, Contender | tuple[Contender, ...]] = {}
    if by_position:
        outputs["single"] = contender(by_position[min(by_position)], "single")
        outputs["candidate"] = tuple(contender(row, "candidate") for _, row in sorted(by_position.items()))
    if rows.selection is not None:
        chosen = next(row for row in rows.candidates if row.id == rows.selection.output_id)
        outputs["best"] = contender(chosen, "best")
    if rows.fusion is not None:
        outputs["fusion"] = contender(rows.fusion, "fusion")
    if leaders(view.tally):
        outputs["vote"] = contender(by_position[view.tally.counts[0].positions[0]], "vote")
    return ItemSource(
        run_id=rows.run.id,
        prompt=rows.prompt.text,
        outputs=outputs,
        reference=rows.prompt.reference,
        language=rows.prompt.language,
    )


def sources_in(text: str, *, masks: bool = False) -> tuple[ItemSource, ...]:
    """The prompts of a JSONL text, one a line. Raises StudyError, which names the line."""
    sources = tuple(_sources(text, masks=masks))
    if not sources:
        raise StudyError('The file holds no prompt: write lines such as {"prompt": "…", "outputs": {"fusion": "…"}}.')
    return sources


_Text = Annotated[Text, Field(min_length=1, max_length=MOST_CHARACTERS)]


class _Output(BaseModel):
    model_config = ConfigDict(extra="ignore")
    text: _Text
    member: Annotated[Text, Field(max_length=200)] = ""


def _spelt_out(output: object) -> object:
    return {"text": output} if isinstance(output, str) else output


def _listed(outputs: object) -> object:
    return outputs if isinstance(outputs, list) else [outputs]


_Outputs = Annotated[
    list[Annotated[_Output, BeforeValidator(_spelt_out)]], BeforeValidator(_listed), Field(min_length=1, max_length=100)
]


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore")
    prompt: _Text
    reference: _Text | None = None
    language: Annotated[str, Field(max_length=40)] | None = None
    outputs: Annotated[dict[Role, _Outputs], Field(min_length=1)]


def _sources(text: str, *, masks: bool) -> Iterator[ItemSource]:
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if number > MOST_LINES:
            raise StudyError(f"The file has more than {MOST_LINES:,} lines. Split it into several studies.")
        if line.strip():
            yield _source(line, number, masks=masks)


def _source(line: str, number: int, *, masks: bool) -> ItemSource:
    try:
        parsed = parsed_line(_Line, line)
    except LineError as error:
        raise StudyError(f"Line {number}: {error}") from None
    names = tuple({output.member for outputs in parsed.outputs.values() for output in outputs if output.member})

    def imported(role: Role, outputs: Sequence[_Output]) -> tuple[Contender, ...]:
        """Contenders whose ids only this study knows: by line, role and place."""
        return tuple(
            without_names(
                Contender(output_id=f"line {number} {role} {place}", role=role, text=output.text, member=output.member),
                names=names,
                masks=masks,
            )
            for place, output in enumerate(outputs, start=1)
        )

    return ItemSource(
        run_id="",
        prompt=parsed.prompt,
        outputs={role: imported(role, outputs) for role, outputs in parsed.outputs.items()},
        reference=parsed.reference,
        language=parsed.language,
    )
