"""Fields of records from outside as texts fit to be stored; a field of another kind makes its line bad, by name."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from fusion_ui.engine.sampling import clean
from fusion_ui.exchange.texts import MOST_CHARACTERS, LineError

LONGEST_NAME = 200
_LONGEST_TAG = 200
_MOST_TAGS = 100
_LATEST = 4_102_444_800  # the year 2100, in seconds


def text_in(fields: Mapping[str, object], *names: str, longest: int = MOST_CHARACTERS) -> str:
    """The first of these fields that is there, "" where none is. Raises LineError."""
    for name in names:
        if (value := fields.get(name)) is not None:
            return _text(value, name, longest=longest)
    return ""


def name_in(fields: Mapping[str, object], *names: str) -> str:
    """The same for a name: short, and on one line."""
    text = text_in(fields, *names, longest=LONGEST_NAME)
    return text if text.isalnum() else " ".join(text.split())


def needed(text: str, *names: str) -> str:
    """The text, which must not be blank. Raises LineError."""
    if not text or text.isspace():
        raise LineError(f"{' or '.join(names)}: is missing or blank")
    return text


def tags_in(fields: Mapping[str, object], *names: str) -> tuple[str, ...]:
    """The tags of a list, or of a text set apart by commas. Raises LineError."""
    value = next((fields[name] for name in names if fields.get(name) is not None), None)
    if value is None:
        return ()
    if isinstance(value, str):
        value = _listed(value)
    if not isinstance(value, list):
        raise LineError(f"{names[0]}: is no list")
    if len(value) > _MOST_TAGS:
        raise LineError(f"{names[0]}: has {len(value)} entries, more than {_MOST_TAGS}")
    tags = (" ".join(_text(tag, names[0], longest=_LONGEST_TAG).split()) for tag in value if tag is not None)
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def moment_in(fields: Mapping[str, object], *names: str) -> str | None:
    """When it was said, as UTC text, from seconds since 1970 or a moment in ISO 8601; None where it is neither."""
    value = next((fields[name] for name in names if fields.get(name) is not None), None)
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and "-" in value else None
        seconds = float(value) if moment is None and isinstance(value, str | int | float) else -1.0
    except (ValueError, OverflowError):
        return None
    if moment is None and 0 < seconds < _LATEST:
        moment = datetime.fromtimestamp(seconds, UTC)
    return None if moment is None else _written(moment)


def _written(moment: datetime) -> str | None:
    try:
        told = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None
    return told.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z" if told.year >= 1000 else None


def _listed(text: str) -> object:
    if text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return None
    return text.split(",")


def _text(value: object, name: str, *, longest: int) -> str:
    if isinstance(value, bool | int | float):
        value = str(value).lower()
    if not isinstance(value, str):
        raise LineError(f"{name}: is a list or an object, not text")
    if len(value) > longest:
        raise LineError(f"{name}: has {len(value):,} characters, more than {longest:,}")
    return value if value.isascii() and "\0" not in value else clean(value)
