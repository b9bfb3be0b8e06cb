"""Our own tables of candidates: a row a candidate, with prompt, member and text, and perhaps what else is known."""

from collections.abc import Mapping

from fusion_ui.exchange.cells import name_in, needed, tags_in, text_in
from fusion_ui.exchange.recorded_ratings import RecordedCandidate
from fusion_ui.exchange.texts import LineError


def candidate_of(fields: Mapping[str, object], *, line: int) -> RecordedCandidate:
    """The candidate of one row. Raises LineError."""
    text = fields.get("text")
    if text is not None and not isinstance(text, str):
        raise LineError("text: is no text")
    return RecordedCandidate(
        line=line,
        prompt=needed(text_in(fields, "prompt"), "prompt"),
        member=name_in(fields, "member", "model", "generator") or "recorded",
        text=text_in(fields, "text"),
        reference=text_in(fields, "reference", "gold") or None,
        language=name_in(fields, "language", "lang") or None,
        tags=tags_in(fields, "tags", "tag"),
    )
