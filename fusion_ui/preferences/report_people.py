"""Who rated, without saying who: pseudonyms by the order in which people came, unless names are asked for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

JUDGE = "judge: "
_SHORTEST = 2  # letters of a name that is looked for in texts: one letter is most often not a name


@dataclass(frozen=True, slots=True)
class People:
    """How each rater is told of, by name."""

    shown_by_name: Mapping[str, str]

    def shown(self, name: str) -> str:
        """A rater as the report names them; who came from elsewhere stays unnamed, a model keeps its name."""
        return name if name.startswith(JUDGE) else self.shown_by_name.get(name, "A rater")

    def hidden(self, words: str) -> str:
        """The words with every name in them as the report tells it."""
        names = sorted((name for name in self.shown_by_name if len(name) >= _SHORTEST), key=len, reverse=True)
        if not names:
            return words
        any_name = "|".join(map(re.escape, names))
        return re.sub(rf"(?<!\w)(?:{any_name})(?!\w)", lambda found: self.shown_by_name[found.group()], words)

    def in_analysis(self, analysis: Mapping[str, Any]) -> dict[str, Any]:
        """The analysis with its people told of like this."""
        raters = [row | {"rater": self.shown(row["rater"])} for row in analysis["raters"]]
        asked = analysis["asked"] | {"raters": [self.shown(name) for name in analysis["asked"]["raters"]]}
        return {
            **analysis,
            "asked": asked,
            "raters": raters,
            "notes": [self.hidden(each) for each in analysis["notes"]],
        }


def people(names: Sequence[str], *, by_name: bool) -> People:
    """These raters in the order in which they came, as themselves or as Rater 1, Rater 2, …"""
    return People({name: name if by_name else f"Rater {number}" for number, name in enumerate(names, start=1)})
