"""One line of a bundle: read as what it says it is, and trusted in nothing, down to the type of each cell."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from hashlib import sha256
from types import NoneType
from typing import Any, NamedTuple, NoReturn, get_args, get_type_hints

from storage.catalogue import PromptRow, RecipeRow, prompt_key, recipe_key
from storage.errors import StorageError
from storage.rows import DOCUMENT, FLAG, Row
from storage.studies import ContenderRow

MOST_LINE = 64_000_000
"""Characters of a line: more than any output that a run keeps."""
_ID = re.compile(r"[0-9A-Z]{26}|[0-9a-f]{64}")


class BundleError(StorageError):
    """A bundle that cannot be taken in; the message names the line. Nothing of it is stored if the block ends by it."""


class Kind(NamedTuple):
    """What a column takes; no types: any document."""

    types: tuple[type, ...]
    is_required: bool


def refuse(words: str) -> NoReturn:
    """Raises BundleError."""
    raise BundleError(f"{words}.")


def object_in(line: str) -> dict[str, Any]:
    """The JSON object that the line is. Raises BundleError."""
    if len(line) > MOST_LINE:
        refuse(f"the line has {len(line):,} characters; at most {MOST_LINE:,} are read")
    try:
        said = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"this is not JSON: {str(error)[:200]}.") from error
    return said if isinstance(said, dict) else refuse("this is not a JSON object")


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def is_whole(value: object) -> bool:
    """Whether this is a count."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def kinds_of(row_type: type[Row]) -> dict[str, Kind]:
    """What each column of the table takes."""
    hints, kinds = get_type_hints(row_type), {}
    for each in fields(row_type):
        codec, hint = each.metadata.get("codec"), hints[each.name]
        is_null = NoneType in get_args(hint)
        types = {str if get_args(part) else part for part in get_args(hint) or (hint,)} - {NoneType}
        if not all(isinstance(part, type) for part in types):
            types = {str}  # the words of a Literal
        if codec is FLAG["codec"]:
            types = {bool}
        if is_null:
            types |= {NoneType}
        is_required = each.default is MISSING and each.default_factory is MISSING
        kinds[each.name] = Kind(() if codec is DOCUMENT["codec"] else tuple(types), is_required)
    return kinds


def read_row(row_type: type[Row], values: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Row:
    """The row of these values. Raises BundleError where one is not what its column takes."""
    if strangers := sorted(values.keys() - kinds.keys()):
        refuse(f"{row_type.table} has no column {strangers[0][:40]!r}")
    if missing := [name for name, kind in kinds.items() if kind.is_required and name not in values]:
        refuse(f"{row_type.table}.{missing[0]} is missing")
    return row_type(**{name: _cell(value, kinds[name], f"{row_type.table}.{name}") for name, value in values.items()})


def _cell(value: Any, kind: Kind, place: str) -> Any:
    if float in kind.types and type(value) is int:
        value = _real(value, place)
    if kind.types and type(value) not in kind.types:
        refuse(f"{place} takes no {type(value).__name__}")
    if isinstance(value, float) and not math.isfinite(value):
        refuse(f"{place} is no finite number")
    if isinstance(value, str) and place.endswith(".id") and not _ID.fullmatch(value):
        refuse(f"{place} {value[:40]!r} is no id")
    if isinstance(value, str) and place.endswith("_at"):
        _check_moment(value, place)
    return value


def _real(value: int, place: str) -> float:
    try:
        return float(value)
    except OverflowError:
        refuse(f"{place} is no finite number")


def _check_moment(text: str, place: str) -> None:
    try:
        is_utc = text.endswith("Z") and datetime.fromisoformat(text) is not None
    except ValueError:
        is_utc = False
    if not is_utc:
        refuse(f"{place} {text[:40]!r} is no time in UTC")


def check_hashes(row: Row) -> None:
    """Refuses content under a key that is another's: whoever stores the true one later would find this instead."""
    document: Any
    match row:
        case PromptRow(tags=document):
            if not isinstance(document, list) or not all(isinstance(tag, str) for tag in document):
                refuse("prompts.tags is no list of words")
            key = prompt_key(text=row.text, reference=row.reference, language=row.language, tags=document)
            is_true = row.id == key
        case RecipeRow(body=document):
            is_true = isinstance(document, dict) and row.id == recipe_key(document)
        case ContenderRow():
            is_true = row.text_sha256 == sha256(row.text.encode("utf-8", "surrogatepass")).hexdigest()
        case _:
            return
    if not is_true:
        refuse(f"{row.table}: the hash is not that of the content")
