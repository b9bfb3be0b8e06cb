"""Texts from outside: made fit to be stored, lines of JSON read, and told in words what is wrong with them."""

import json
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ValidationError

from fusion_ui.engine.sampling import clean
from fusion_ui.engine.values import FusionError

MOST_CHARACTERS = 400_000
_Model = TypeVar("_Model", bound=BaseModel)


class LineError(FusionError):
    """A line that cannot be read; the message says what is wrong, and whoever reads on says where."""


def _cleaned(text: object) -> object:
    """A text made fit to be stored; what is no text is left for the field to refuse."""
    return clean(text) if isinstance(text, str) else text


Text = Annotated[str, BeforeValidator(_cleaned)]


def as_text(value: object, name: str, *, longest: int) -> str:
    """The value of a field called `name` as text fit to be stored; numbers are written out. Raises LineError."""
    if isinstance(value, bool | int | float):
        value = str(value).lower()
    if not isinstance(value, str):
        raise LineError(f"{name}: is a list or an object, not text")
    if len(value) > longest:
        raise LineError(f"{name}: has {len(value):,} characters, more than {longest:,}")
    return value if value.isascii() and "\0" not in value else clean(value)


def parsed_line(model: type[_Model], line: str) -> _Model:
    """What this line of JSON holds. Raises LineError."""
    try:
        return model.model_validate(json.loads(line.lstrip("\ufeff"), strict=False))
    except json.JSONDecodeError as error:
        raise LineError(f"is not JSON ({error.msg} at column {error.colno}).") from None
    except RecursionError:
        raise LineError("is nested too deeply to be read.") from None
    except ValidationError as error:
        raise LineError(first_problem(error, whole="the line")) from None
    except ValueError:  # Python reads no whole number of more than 4300 digits
        raise LineError("holds a number of too many digits.") from None


def first_problem(error: ValidationError, *, whole: str) -> str:
    """The first thing that does not fit and where it stands: the field, or the `whole` where none is to blame."""
    problem = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in problem["loc"])
    return f"{field or whole}: {problem['msg']}."
