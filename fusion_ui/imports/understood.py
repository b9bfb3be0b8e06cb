"""What a file was understood to hold before anything of it is stored, and what came of storing it."""

from dataclasses import asdict, dataclass
from typing import Any

from fusion_ui.exchange.recorded import Problem
from fusion_ui.exchange.sniffing import Format

MOST_PROBLEMS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What files hold: `problems` are the first of `problem_count`, `already` counts what is stored already (of
    `candidates` their pools, of `judgements` those, of answers their files), and `words` say it all for people.
    """

    format: Format
    name: str
    prompts: int = 0
    candidates: int = 0
    judgements: int = 0
    raters: int = 0
    members: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0
    already: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What was stored: the runs, studies and recordings that are new, and how many judgements."""

    understood: Understood
    runs: tuple[str, ...] = ()
    studies: tuple[str, ...] = ()
    recordings: tuple[str, ...] = ()
    judgements: int = 0
    words: str = ""


class Problems:
    """The first problems of some files, and how many there are."""

    def __init__(self) -> None:
        self.first: list[Problem] = []
        self.count = 0

    def add(self, problem: Problem) -> None:
        """Notes a problem."""
        self.count += 1
        if len(self.first) < MOST_PROBLEMS:
            self.first.append(problem)


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 prompt", "2,000 prompts"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def told(found: Understood | Brought) -> dict[str, Any]:
    """What was found as JSON has it, every problem with the names of its parts."""
    card = asdict(found)
    understood = card.get("understood", card)
    understood["problems"] = [problem._asdict() for problem in understood["problems"]]
    return card
