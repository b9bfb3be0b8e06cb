"""Studies for the tests of storage: two contenders a unit, as many units and raters as wanted."""

from collections.abc import Sequence

from storage.judgements import Flaw, Judgement, NewJudgement, save_judgement
from storage.people import add_user, put_invitation, set_disabled, set_password, use_invitation
from storage.ratings import rater_named
from storage.rows import Writer
from storage.runs import OutputRow
from storage.sessions import end_session, record_attempt, start_session
from storage.studies import NewContender, NewUnit, StudyRow, exclude, put_study, set_closed
from storage.trials import TrialRow, open_trial, save_draft

TOKENS = tuple(letter * 64 for letter in "abcdef")


def unit(place: int, **given: object) -> NewUnit:
    """An imported unit of two contenders."""
    fused = NewContender(role="fusion", output_id=f"{place} fused", member="f", text=f"The fusion of {place}.")
    best = NewContender(role="best", output_id=f"{place} best", member="m", text=f"The best of {place}.", names=("m",))
    return NewUnit(**{"place": place, "prompt": f"Question {place}?", "contenders": (fused, best), **given})  # type: ignore[arg-type]


def study_of(
    writer: Writer, *, units: int = 3, overlap: int = 1, supersedes: str | None = None, more: Sequence[NewUnit] = ()
) -> StudyRow:
    """A study of so many main units."""
    return put_study(
        writer,
        title="Fusion or best?",
        definition={"task": "pairwise", "overlap": overlap},
        definition_sha256="d" * 64,
        overlap=overlap,
        units=[*(unit(place) for place in range(units)), *more],
        supersedes=supersedes,
    )


def opened(writer: Writer, study: StudyRow, place: int = 0, *, rater: str = "Ada", **given: object) -> TrialRow:
    """A trial of this unit for this rater, kept for an hour of the store's clock."""
    wanted = {
        "study_id": study.id, "unit_place": place, "rater_id": rater_named(writer, rater).id, "position": place,
        "shown_order": [1, 0], "lease_s": 3600.0, **given,
    }  # fmt: skip
    return open_trial(writer, **wanted)  # type: ignore[arg-type]


def said(trial: TrialRow, *, key: str = "press-1", **given: object) -> NewJudgement:
    """That the fusion is better, unless told otherwise."""
    fused = {"verdict": "output", "output_id": f"{trial.unit_place} fused", "role": "fusion"}
    choice = fused if "verdict" not in given else {}
    rest = {"trial_id": trial.id, "rater_id": trial.rater_id, "request_key": key, **choice, **given}
    return NewJudgement(**rest)  # type: ignore[arg-type]


def saved(writer: Writer, trial: TrialRow, *, key: str = "press-1", **given: object) -> Judgement:
    """The same, stored."""
    return save_judgement(writer, said(trial, key=key, **given))


def flaw(trial: TrialRow, **given: object) -> Flaw:
    """A mistake in the first words of the fusion."""
    wanted = {
        "output_id": f"{trial.unit_place} fused", "role": "fusion", "category": "C", "severity": "major",
        "taxonomy_id": "default", "taxonomy_version": "1", "span_start": 0, "span_end": 3, **given,
    }  # fmt: skip
    return Flaw(**wanted)  # type: ignore[arg-type]


def fill_study_tables(writer: Writer, outputs: Sequence[OutputRow]) -> None:
    """At least one row in each table of studies and people."""
    contenders = [NewContender(role="candidate", output_id=each.id, text=each.text) for each in outputs]
    study = study_of(writer, more=[unit(3, run_id=outputs[0].run_id, contenders=contenders)])
    trial = opened(writer, study)
    saved(writer, trial, flaws=[flaw(trial)])
    save_draft(writer, trial.id, rater_id=trial.rater_id, body={"note": "half a"})
    exclude(writer, study.id, reason="asleep", trial_id=trial.id)
    set_closed(writer, study.id, is_closed=True, decided_by="Eve")
    user = add_user(writer, name="Ada", role="rater")
    set_password(writer, user.id, password_hash="$argon2id$")
    put_invitation(writer, token_sha256=TOKENS[0], role="rater", valid_s=3600.0, study_id=study.id)
    use_invitation(writer, token_sha256=TOKENS[0], user_id=user.id)
    start_session(writer, token_sha256=TOKENS[1], user_id=user.id, valid_s=3600.0)
    end_session(writer, TOKENS[1])
    set_disabled(writer, user.id, is_disabled=True)
    record_attempt(writer, name="Ada", address="127.0.0.1", is_success=False)
