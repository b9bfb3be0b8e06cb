"""The classes of flaws that raters mark, as data with an id and a version, so that exports say what a label meant.

The classes are in taxonomy.toml, or in a file of the same form that a person names. One schema serves people and model
judges.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config

from fusion_ui.engine.values import FusionError

_Short = Annotated[str, Field(min_length=1, max_length=100)]
_Name = Annotated[str, Field(max_length=100, pattern="^[^/+]+$")]  # names are joined with "/" and "+"
_Sentence = Annotated[str, Field(min_length=1, max_length=1000)]
_STRICT = ConfigDict(extra="forbid")


class TaxonomyError(FusionError):
    """A file of classes that cannot be used; the message names the file, the entry and what to change."""


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class FlawClass:
    """A kind of flaw: `key` is the letter that chooses it, `name` what is stored, `example` one case in a sentence.

    A subtype of it is stored as "name/subtype". A class that is no flaw says that none was found; one that does not
    fit a blind study speaks of roles or of how answers came about.
    """

    key: Annotated[str, Field(pattern=r"^[A-Z]$")]
    name: _Name
    label: _Short
    definition: _Sentence
    example: _Sentence
    subtypes: tuple[_Name, ...] = ()
    is_flaw: bool = True
    needs_note: bool = False
    fits_blind: bool = True


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """How bad a flaw is; `weight` is its share of a summed score (WMT MQM: 1, 5, 25)."""

    key: Annotated[str, Field(pattern=r"^[0-9]$")]
    name: _Short
    label: _Short
    definition: _Sentence
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """The flaws that may be marked, and how bad they can be."""

    id: _Short
    version: _Short
    classes: Annotated[tuple[FlawClass, ...], Field(min_length=1, max_length=26)]
    severities: Annotated[tuple[Severity, ...], Field(min_length=1, max_length=10)]

    def knows(self, *, category: str, severity: str) -> bool:
        """Whether these are a class, or a class with one of its subtypes, and a severity of this taxonomy."""
        return any(severity == each.name for each in self.severities) and self.class_of(category) is not None

    def class_of(self, category: str) -> FlawClass | None:
        """The class of what is stored as a category; None for a stranger."""
        name, _, subtype = category.partition("/")
        found = next((each for each in self.classes if each.name == name), None)
        return found if found is not None and (category == name or subtype in found.subtypes) else None

    def is_flaw(self, category: str) -> bool:
        """Whether this says that something is wrong; a class of another taxonomy does."""
        found = self.class_of(category)
        return found is None or found.is_flaw

    def flaw_class(self, category: str) -> str | None:
        """The class of what is wrong, without its subtype; None where this says that nothing is."""
        return category.partition("/")[0] if self.is_flaw(category) else None

    def blind(self) -> "Taxonomy":
        """The same without the classes that would tell a blind rater what is compared."""
        return replace(self, classes=tuple(each for each in self.classes if each.fits_blind))

    def weight(self, severity: str) -> float:
        """What a flaw of this severity weighs. Raises KeyError for a stranger."""
        return {each.name: each.weight for each in self.severities}[severity]


_TAXONOMY = TypeAdapter(Taxonomy)


@cache
def load_taxonomy(path: Path | None = None) -> Taxonomy:
    """The taxonomy of this file, else the one that ships with the app. Raises TaxonomyError."""
    shipped = resources.files(__package__).joinpath("taxonomy.toml")
    try:
        text = (path or shipped).read_text(encoding="utf-8")
        taxonomy = _TAXONOMY.validate_python(tomllib.loads(text))
    except OSError as error:
        raise TaxonomyError(f"{path}: the taxonomy cannot be read ({error.strerror}). Check its path.") from None
    except ValidationError as error:
        raise TaxonomyError(f"{path}: {_explained(error)}. Compare it with the taxonomy of the app.") from None
    except ValueError as error:
        raise TaxonomyError(f"{path}: the taxonomy is not valid TOML ({error}).") from None
    if problem := next(_contradictions(taxonomy), None):
        raise TaxonomyError(f"{path}: {problem}.")
    return taxonomy


def _contradictions(taxonomy: Taxonomy) -> Iterator[str]:
    """What each entry for itself does not show."""
    for kind, entries in (("classes", taxonomy.classes), ("severities", taxonomy.severities)):
        for field in ("key", "name", "label"):
            twice = [word for word, count in Counter(getattr(each, field) for each in entries).items() if count > 1]
            if twice:
                yield f"two {kind} have the {field} {twice[0]!r}: each needs one of its own"
    for each in taxonomy.classes:
        if len(set(each.subtypes)) < len(each.subtypes):
            yield f"the class {each.name!r} names a subtype twice"
    if not any(each.is_flaw for each in taxonomy.classes):
        yield "no class is a flaw: there would be nothing to mark"


def _explained(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(str(part + 1) if isinstance(part, int) else part for part in problem["loc"])
    return f"{place}: {problem['msg']}" if place else problem["msg"]
