"""What others recorded, as values: candidates of a prompt, and judgements of pairs; whatever file they came from.

A text of "" is not known. Where something was said twice over (a judge asked in both orders), there are two of these.
"""

from typing import Literal, NamedTuple

from fusion_ui.engine.values import FusionError

RecordedOutcome = Literal["first", "second", "tie", "all_bad"]
JUDGE = "judge: "
"""How the name of a rater begins who is a model."""


class ImportRefusedError(FusionError):
    """A file that cannot be brought in; the message names it, says what is wrong and what to do."""


class RecordedCandidate(NamedTuple):
    """One member's text to one prompt, by the line it stands on."""

    line: int
    prompt: str
    member: str
    text: str
    reference: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()


class RecordedRating(NamedTuple):
    """One judgement of a pair of members. The first stood left (or on top) unless `is_turned`.

    `question` tells prompts apart where texts do not; no `rater` means that nobody is named, `is_model` that the rater
    is one; `is_open` that names were visible. `strength` is 0 where a winner won slightly or it is not said how much.
    """

    line: int
    prompt: str
    first: str
    second: str
    outcome: RecordedOutcome
    rater: str = ""
    question: str = ""
    first_text: str = ""
    second_text: str = ""
    is_turned: bool = False
    strength: int = 0
    is_open: bool = False
    is_model: bool = False
    said_at: str | None = None
    note: str = ""
    language: str | None = None
    reference: str | None = None
    tags: tuple[str, ...] = ()
