"""What an export is about: studies and runs by their ids, all that are named or all there are."""

from collections.abc import Sequence
from typing import NamedTuple

from fusion_ui.annotation.shelf import NoStudyError
from fusion_ui.engine.values import FusionError
from fusion_ui.replay import NoRunError
from storage.provenance import ids_of, runs_shown
from storage.rows import Reader


class ExportError(FusionError):
    """An export that cannot be made as it is asked for; the message says what to change."""


class Scope(NamedTuple):
    """These studies and, beside them, these runs, each in the order in which they were stored."""

    study_ids: tuple[str, ...]
    run_ids: tuple[str, ...]

    def runs(self, reader: Reader) -> tuple[str, ...]:
        """The runs with those that the studies show."""
        shown = frozenset(runs_shown(reader, self.study_ids)) | frozenset(self.run_ids)
        return ids_of(reader, "runs", sorted(shown))


def scope_of(reader: Reader, *, studies: Sequence[str] = (), runs: Sequence[str] = ()) -> Scope:
    """What is named; everything where nothing is. Raises NoStudyError and NoRunError."""
    if not studies and not runs:
        return Scope(ids_of(reader, "studies"), ids_of(reader, "runs"))
    found = Scope(ids_of(reader, "studies", studies), ids_of(reader, "runs", runs))
    if len(found.study_ids) < len(set(studies)):
        raise NoStudyError
    if len(found.run_ids) < len(set(runs)):
        raise NoRunError
    return found
