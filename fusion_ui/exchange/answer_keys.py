"""Keys of recorded answers: of those as they were written, and of gold ones, which may be texts that state theirs."""

import re

from fusion_ui.engine.answers import answer_key, extract

# Integers and letters are their own keys, whichever way they are read. They are most of what is ever recorded.
_ITSELF = re.compile(r"-?[1-9]\d{0,14}|0|[A-Z]")
# Two different keys of this form are 1 / (99 * 10**4) apart or more, twice what `equivalent` rounds away.
_PLAIN = re.compile(r"-?\d+(?:\.\d{1,4}|/\d{1,2})?|[A-Z]")


def written_key(text: str) -> str | None:
    """The key of an answer as it was written; None where no short answer is read."""
    return text if _ITSELF.fullmatch(text) else answer_key(text)


def gold_key(text: str) -> str | None:
    """The key of a gold answer, written as an answer or as a text that states it ("A: 18"), as `matches_reference`
    reads it; None where none is read.
    """
    if _ITSELF.fullmatch(text):
        return text
    stated = extract(text)
    return stated.answer if stated else answer_key(text)


def is_plain(key: str) -> bool:
    """Whether this can be told from the key's form: that it means the same as no other key of which this is true."""
    return bool(_PLAIN.fullmatch(key))
