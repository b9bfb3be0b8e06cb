"""The words of the judge and the fusor, one file a prompt; a prompt's version is the hash of its file."""

from hashlib import sha256
from importlib import resources
from string import Template
from typing import Literal, NamedTuple

PromptName = Literal["answer_line", "flaws", "fusor", "judge_pair", "judge_score"]


class Wording(NamedTuple):
    """A prompt file: its template and the version that goes into the record."""

    template: Template
    version: str


def wording(name: PromptName) -> Wording:
    """The prompt file of this name."""
    text = resources.files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8")
    return Wording(Template(text), f"{name}-{sha256(text.encode()).hexdigest()[:8]}")


def mark_of(*texts: str, salt: int) -> str:
    """The code of the markers around these texts. It depends on all of them, so that nobody can write a text that knows
    it: a salt alone comes from the seed, which whoever hands candidates in, or has judged the run before, may know.
    """
    parts = (sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts)
    return sha256(f"{salt:x} ".encode() + b"".join(parts)).hexdigest()[:16]


def fenced(text: str, *, label: str, mark: str) -> str:
    """Foreign text between markers it cannot forge. Should the mark be in it, nothing is left that could close the gap
    and be one again.
    """
    return f"<{label} {mark}>\n{text.replace(mark, '·')}\n</{label} {mark}>"
