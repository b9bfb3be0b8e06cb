"""The owner's form as it comes over HTTP: its shape is checked here, what it means where studies are made."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from fusion_ui.annotation.gathering import Earlier, Imported, Items
from fusion_ui.annotation.making import Form, Known
from fusion_ui.studies.protocol import Criterion, Protocol, Role, Task
from fusion_ui.ui.requests import Body
from storage.finding import RunFilter

_DEFAULT = Protocol(title="")
Short = Annotated[str, Field(max_length=2_000)]
Id = Annotated[str, Field(max_length=40)]
Name = Annotated[str, Field(max_length=200)]
Place = Annotated[int, Field(ge=0, le=10_000_000)]
Words = Annotated[tuple[Short, ...], Field(max_length=100)]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class RunsBody(Body):
    """See `storage.finding.RunFilter`."""

    ids: Annotated[tuple[Id, ...], Field(max_length=20_000)] | None = None
    tags: Annotated[tuple[Short, ...], Field(max_length=1_000)] = ()
    language: Short | None = None
    since: Day | None = None
    limit: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class ItemsBody(Body):
    """Where the items come from: one of the three."""

    runs: RunsBody | None = None
    file: str | None = None
    study: Id | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "ItemsBody":
        if sum(each is not None for each in (self.runs, self.file, self.study)) != 1:
            raise ValueError("name runs, a file or a study, one of them")
        return self

    def items(self) -> Items:
        """The items these words mean."""
        if self.runs is not None:
            return RunFilter(**self.runs.model_dump())
        return Imported(text=self.file) if self.file is not None else Earlier(study_id=self.study or "")


class CriterionBody(Body):
    """See `protocol.Criterion`."""

    key: Short
    label: Short
    anchors: Words


class KnownBody(Body):
    """See `making.Known`."""

    gold: Place | None = None
    feedback: Annotated[str, Field(max_length=20_000)] = ""


class FormBody(Body):
    """See `making.Form`; the fields of a protocol stand among the others."""

    title: Short = ""
    items: ItemsBody
    task: Task = _DEFAULT.task
    contrasts: Annotated[tuple[Annotated[tuple[Role, ...], Field(max_length=20)], ...], Field(max_length=100)] = (
        _DEFAULT.contrasts
    )
    criteria: Annotated[tuple[CriterionBody, ...], Field(max_length=100)] = ()
    instructions: Annotated[str, Field(max_length=400_000)] = ""
    overlap: int = _DEFAULT.overlap
    raters: Annotated[tuple[Name, ...], Field(max_length=1_000)] = ()
    is_blind: bool = _DEFAULT.is_blind
    reveals: bool = _DEFAULT.reveals
    repeats: float = _DEFAULT.repeats
    takes_reasons: bool = _DEFAULT.takes_reasons
    reasons: Words = _DEFAULT.reasons
    takes_confidence: bool = _DEFAULT.takes_confidence
    takes_notes: bool = _DEFAULT.takes_notes
    takes_spans: bool = _DEFAULT.takes_spans
    skip_reasons: Words = _DEFAULT.skip_reasons
    masks_names: bool = _DEFAULT.masks_names
    shows_reference: bool = _DEFAULT.shows_reference
    lease_minutes: int = _DEFAULT.lease_minutes
    fast_seconds: float = _DEFAULT.fast_seconds
    seed: Annotated[int, Field(ge=0, lt=2**53)] = _DEFAULT.seed
    training: Annotated[dict[Place, KnownBody], Field(max_length=20_000)] = {}
    gold: Annotated[dict[Place, Place], Field(max_length=20_000)] = {}
    supersedes: Id | None = None

    def form(self) -> Form:
        """The form these words spell."""
        beside = {"items", "training", "gold", "supersedes", "criteria", *_ADDED}
        told: dict[str, Any] = {name: value for name, value in dict(self).items() if name not in beside}
        criteria = tuple(Criterion(**each.model_dump()) for each in self.criteria)
        return Form(
            protocol=Protocol(**told, criteria=criteria),
            items=self.items.items(),
            training={place: Known(**each.model_dump()) for place, each in self.training.items()},
            gold=self.gold,
            supersedes=self.supersedes,
        )


class PreviewBody(FormBody):
    """A form, and which of its items to show."""

    show: Annotated[int, Field(ge=-1, le=10_000_000)] = 0


class CreateBody(FormBody):
    """A form to be made a study of, once a key; `units_sha256` is of the preview that the owner saw."""

    key: Annotated[str, Field(min_length=8, max_length=100)]
    units_sha256: Annotated[str, Field(max_length=64)] | None = None


class ExclusionBody(Body):
    """See `Studies.exclude`."""

    rater: Name | None = None
    trial_id: Id | None = None
    is_excluded: bool
    reason: Annotated[str, Field(max_length=5_000)]


class InvitationBody(Body):
    """Whom a link is for; None is whoever gets it."""

    name: Name | None = None


_ADDED = ("show", "key", "units_sha256")
