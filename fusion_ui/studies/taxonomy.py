"""The classes of flaws that raters mark, as data with an id and a version, so that exports say what a label meant.

The classes are in taxonomy.toml. One schema serves people and model judges.
"""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True, kw_only=True)
class FlawClass:
    """A kind of flaw: `key` is the letter that chooses it, `name` what is stored, `example` one case in a sentence.

    A subtype of it is stored as "name/subtype". A class that is no flaw says that none was found; one that does not
    fit a blind study speaks of roles or of how answers came about.
    """

    key: str
    name: str
    label: str
    definition: str
    example: str
    subtypes: tuple[str, ...] = ()
    is_flaw: bool = True
    needs_note: bool = False
    fits_blind: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """How bad a flaw is; `weight` is its share of a summed score (WMT MQM: 1, 5, 25)."""

    key: str
    name: str
    label: str
    definition: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """The flaws a study may mark, and how bad they can be."""

    id: str
    version: str
    classes: tuple[FlawClass, ...]
    severities: tuple[Severity, ...]

    def knows(self, *, category: str, severity: str) -> bool:
        """Whether these are a class, or a class with one of its subtypes, and a severity of this taxonomy."""
        name, _, subtype = category.partition("/")
        return any(severity == each.name for each in self.severities) and any(
            name == each.name and (category == name or subtype in each.subtypes) for each in self.classes
        )

    def blind(self) -> "Taxonomy":
        """The same without the classes that would tell a blind rater what is compared."""
        return replace(self, classes=tuple(each for each in self.classes if each.fits_blind))

    def weight(self, severity: str) -> float:
        """What a flaw of this severity weighs. Raises KeyError for a stranger."""
        return {each.name: each.weight for each in self.severities}[severity]


@cache
def load_taxonomy() -> Taxonomy:
    """The taxonomy that ships with the app."""
    raw = tomllib.loads(resources.files(__package__).joinpath("taxonomy.toml").read_text(encoding="utf-8"))
    return Taxonomy(
        id=raw["id"],
        version=raw["version"],
        classes=tuple(FlawClass(**{**each, "subtypes": tuple(each["subtypes"])}) for each in raw["classes"]),
        severities=tuple(Severity(**each) for each in raw["severities"]),
    )
