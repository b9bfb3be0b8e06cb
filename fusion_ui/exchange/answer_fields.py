"""Lines of JSON as named fields; a record that cannot be read carries what is wrong with it instead."""

import json
from collections.abc import Iterator
from typing import NamedTuple

from fusion_ui.exchange.answer_lines import LONGEST_LINE, Line

_DECODER = json.JSONDecoder(strict=False)  # `json.loads` would make one a line
TOO_LONG = f"is longer than {LONGEST_LINE // 1_000_000} MB"
NOT_UTF8 = "is not UTF-8. Save the file as UTF-8"


class Fields(NamedTuple):
    """The fields of one record, by the number of its first line; none where `problem` says why it cannot be read."""

    line: int
    by_name: dict[str, object]
    problem: str = ""


def json_fields(lines: Iterator[Line]) -> Iterator[Fields]:
    """One record a line; blank lines do not count."""
    for line in lines:
        if line.is_cut:
            yield Fields(line.number, {}, TOO_LONG)
        elif line.content.strip():
            yield _object(line)


def _object(line: Line) -> Fields:
    try:
        found = _DECODER.decode(line.content.decode("utf-8"))
    except UnicodeDecodeError:
        return Fields(line.number, {}, NOT_UTF8)
    except json.JSONDecodeError as error:
        is_spread = line.content.strip() in (b"{", b"[")
        found = "goes on below" if is_spread else f"{error.msg} at column {error.colno}"
        return Fields(line.number, {}, f"is not JSON ({found}). Write one object a line")
    except ValueError:
        return Fields(line.number, {}, "holds a number of too many digits")
    except RecursionError:
        return Fields(line.number, {}, "is nested too deeply to be a recorded answer")
    if not isinstance(found, dict):
        return Fields(line.number, {}, "is no JSON object. Write one object a line")
    return Fields(line.number, found)
