"""The words of the judge and the fusor, one file a prompt; a prompt's version is the hash of its file."""

import hashlib
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
    return Wording(Template(text), f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:8]}")


def fenced(text: str, *, label: str, mark: str) -> str:
    """Foreign text between markers it cannot forge: `mark` is random, and taken out of the text should it be there."""
    return f"<{label} {mark}>\n{text.replace(mark, '')}\n</{label} {mark}>"
