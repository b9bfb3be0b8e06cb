"""An owner's side of studies: made from a form, watched, closed and handed on. Blocking: call it in worker threads."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

from fusion_ui.annotation import drilling
from fusion_ui.annotation.boards import board_of, read_sight, stamp_of
from fusion_ui.annotation.gathering import Gathering, Imported
from fusion_ui.annotation.making import Draft, Form, drafted
from fusion_ui.annotation.shelf import Shelf, store_study
from fusion_ui.demo.sample import sample_study
from fusion_ui.studies.protocol import Protocol, Study, StudyError, definition_sha256
from storage.connection import Store
from storage.details import trials_by_id
from storage.errors import ConflictError
from storage.finding import RunsOffered, runs_offered
from storage.overviews import (
    StudyOverview,
    activity,
    definitions,
    overview,
    overviews,
    rater_names,
    study_with_definition,
)
from storage.progress import StudyHead, study_heads
from storage.ratings import known_rater
from storage.studies import exclude, set_closed

MOST_REASON = 1_000
_MOST_KEYS = 1_000
_SAMPLE = Protocol(
    title="Sample: is fusing better than picking?",
    instructions=(
        "Two answers to the same question: which one would you rather have got? Judge what they say first, "
        "then how well they say it. There is no wrong choice here; this study is for trying things out."
    ),
    overlap=10,  # so that colleagues can try it too
    repeats=0.0,
    reveals=True,
)


class Created(NamedTuple):
    """A new study: its items, and how many judgements they want."""

    study_id: str
    items: int
    trials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A study as a list shows it; `definition` is its protocol as stored."""

    head: StudyHead
    overview: StudyOverview
    definition: Any


class Options(NamedTuple):
    """What a form may offer."""

    runs: RunsOffered
    raters: tuple[str, ...]


class Studies:
    """Everything an owner may ask for; `by` is who decides, as far as the app knows."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._shelf = Shelf(store)
        self._gathering = Gathering(store, self._shelf)
        self._created: OrderedDict[str, Created] = OrderedDict()
        self._turn = Lock()

    def options(self) -> Options:
        """The runs there are to choose from, and the people known."""
        with self._store.reading() as reader:
            return Options(runs_offered(reader), tuple(rater_names(reader).values()))

    def preview(self, form: Form) -> Draft:
        """The study as it would be. Raises StudyError."""
        return drafted(form, self._sources(form), is_strict=False)

    def create(self, form: Form, *, key: str | None = None, units_sha256: str | None = None) -> Created:
        """The new study; the same one again for the same key.

        Raises StudyError, and storage's ConflictError where the units are not those of the preview, or where the
        earlier version has a newer one already.
        """
        with self._turn:
            if key is not None and key in self._created:
                return self._created[key]
            created = self._create(form, units_sha256=units_sha256)
            if key is not None:
                self._created[key] = created
                while len(self._created) > _MOST_KEYS:
                    self._created.popitem(last=False)
            return created

    def studies(self) -> tuple[Listed, ...]:
        """All studies, latest first."""
        with self._store.reading() as reader:
            asked, seen = definitions(reader), overviews(reader)
            heads = study_heads(reader)
        return tuple(Listed(head=head, overview=seen[head.id], definition=asked[head.id]) for head in heads)

    def study(self, study_id: str) -> Study:
        """The study as it was defined. Raises NoStudyError."""
        return self._shelf.study(study_id)

    def board(self, study_id: str, *, since: str | None = None) -> dict[str, Any]:
        """The study's board, or that it is as it was. Raises NoStudyError."""
        study = self.study(study_id)
        with self._store.reading() as reader:
            found = activity(reader, study_id, now=self._store.identity.now())
            stamp = stamp_of(found)
            if since == stamp:
                return {"stamp": stamp, "unchanged": True}
            sight = read_sight(reader, study, seen=overview(reader, study_id), activity=found)
        return board_of(sight)

    def judgements_by(self, study_id: str, name: str) -> list[dict[str, Any]]:
        """What this person said in the study. Raises StudyError."""
        study = self.study(study_id)
        with self._store.reading() as reader:
            return drilling.judgements_by(reader, study, name)

    def judgements_of(self, study_id: str, place: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """A unit as its owner sees it, and what was said of it. Raises StudyError."""
        study = self.study(study_id)
        with self._store.reading() as reader:
            found = drilling.judgements_of(reader, study, place)
        return drilling.unit_card(drilling.unit_at(study, place)), found

    def set_closed(self, study_id: str, *, is_closed: bool, by: str = "") -> None:
        """No trial is given out any more, or again. Raises NoStudyError."""
        self.study(study_id)
        with self._store.writing() as writer:
            set_closed(writer, study_id, is_closed=is_closed, decided_by=by)

    def exclude(
        self,
        study_id: str,
        *,
        reason: str,
        rater: str | None = None,
        trial_id: str | None = None,
        is_excluded: bool = True,
        by: str = "",
    ) -> None:
        """What one person said, or one trial, counts no longer, or again. Raises StudyError."""
        self.study(study_id)
        reason = " ".join(reason.split())
        if not reason or len(reason) > MOST_REASON:
            raise StudyError(f"Say why, in at most {MOST_REASON:,} characters: the reason stands in the record.")
        if (rater is None) == (trial_id is None):
            raise StudyError("Name a rater or a trial to be left out, one of the two.")
        with self._store.writing() as writer:
            known = known_rater(writer, rater) if rater is not None else None
            if rater is not None and known is None:
                raise StudyError(f"Nobody called {rater[:60]!r} has judged here.")
            trial = trials_by_id(writer, [trial_id or ""]).get(trial_id or "")
            if trial_id is not None and (trial is None or trial.study_id != study_id):
                raise StudyError("There is no such trial in this study.")
            exclude(
                writer,
                study_id,
                reason=reason,
                rater_id=known.id if known else None,
                trial_id=trial_id,
                is_excluded=is_excluded,
                decided_by=by,
            )

    def sample(self) -> str:
        """The id of the study that comes with the app, made at first need."""
        form = Form(protocol=_SAMPLE, items=Imported(text=sample_study()))
        draft = drafted(form, self._sources(form), is_strict=True)
        sha256 = definition_sha256(draft.protocol, draft.units)
        with self._store.reading() as reader:
            known = study_with_definition(reader, sha256)
        if known:
            return known
        with self._store.writing() as writer:
            known = study_with_definition(writer, sha256)
            return known or store_study(writer, draft.protocol, draft.units, supersedes=None).id

    def _sources(self, form: Form) -> Any:
        return self._gathering.sources(form.items, masks=form.protocol.masks_names)

    def _create(self, form: Form, *, units_sha256: str | None) -> Created:
        draft = drafted(form, self._sources(form), is_strict=True)
        if not draft.protocol.title:
            raise StudyError("The study needs a title.")
        if units_sha256 is not None and units_sha256 != draft.units_sha256:
            raise ConflictError("The answers are others than in the preview by now. Look at the preview again.")
        if not draft.shown:
            raise StudyError("There is nothing to judge: choose other answers, or compare other outputs.")
        if form.supersedes is not None:
            self.study(form.supersedes)
        with self._store.writing() as writer:
            row = store_study(writer, draft.protocol, draft.units, supersedes=form.supersedes)
        return Created(row.id, len(draft.shown), draft.trials)
