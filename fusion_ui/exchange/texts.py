"""Texts from outside: made fit to be stored, and told in one line what is wrong with what does not fit."""

from typing import Annotated

from pydantic import BeforeValidator, ValidationError

from fusion_ui.engine.sampling import clean

MOST_CHARACTERS = 400_000


def _cleaned(text: object) -> object:
    """A text made fit to be stored; what is no text is left for the field to refuse."""
    return clean(text) if isinstance(text, str) else text


Text = Annotated[str, BeforeValidator(_cleaned)]


def first_problem(error: ValidationError, *, whole: str) -> str:
    """The first thing that does not fit and where it stands: the field, or the `whole` where none is to blame."""
    problem = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in problem["loc"])
    return f"{field or whole}: {problem['msg']}."
