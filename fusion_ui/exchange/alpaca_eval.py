"""AlpacaEval's `model_outputs.json`: a list of `{instruction, output, generator, dataset}`, a file a model."""

from collections.abc import Mapping

from fusion_ui.exchange.cells import name_in, needed, text_in
from fusion_ui.exchange.recorded_ratings import RecordedCandidate
from fusion_ui.exchange.texts import LineError


def alpaca_candidate(fields: Mapping[str, object], *, line: int, member: str) -> RecordedCandidate:
    """The candidate of one entry; `member` is whose it is where no generator is named. Raises LineError."""
    if not isinstance(fields.get("output"), str):
        raise LineError("output: is missing or no text")
    added = text_in(fields, "input")  # Alpaca's own data keep what an instruction is about apart
    instruction = needed(text_in(fields, "instruction"), "instruction")
    dataset = name_in(fields, "dataset")
    return RecordedCandidate(
        line=line,
        prompt=f"{instruction}\n\n{added}" if added.strip() else instruction,
        member=name_in(fields, "generator", "model") or member,
        text=text_in(fields, "output"),
        tags=(dataset,) if dataset else (),
    )
