"""What has been acknowledged, kept in memory: the small model against which a stored database is held."""

from collections import Counter
from dataclasses import dataclass, field

UNCOUNTED = ("skip", "withdrawn")


@dataclass
class Trial:
    """A trial as given out; `said` are the judgements acknowledged, each an id and a verdict or an output's id."""

    study_id: str
    unit: int
    rater: str
    kind: str
    said: list[tuple[str, str]] = field(default_factory=list)
    draft: int | None = None

    @property
    def standing(self) -> str | None:
        """What is said of it now, None if nothing was."""
        return self.said[-1][1] if self.said else None

    @property
    def is_open(self) -> bool:
        """Whether its rater still has to say something."""
        return self.standing in (None, "withdrawn")


@dataclass
class StudyModel:
    """A study; `places` are its main units. Taking somebody in again may fill a unit beyond the `overlap`."""

    overlap: int
    places: tuple[int, ...]
    version: int
    is_closed: bool = False
    closings: int = 0
    out: dict[str, bool] = field(default_factory=dict)
    exclusions: int = 0
    took_back_in: bool = False


@dataclass
class Rated:
    """What one person said of a run in Compare: every row by id, and the saves that undoing has not taken back."""

    ids: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


Flaw = tuple[str, str, int | None, int | None]


@dataclass
class Marked:
    """One person's flaws of a run: what stands by chain, the head of each chain, and what each act replaced."""

    standing: dict[int, Flaw | None] = field(default_factory=dict)
    heads: dict[int, str] = field(default_factory=dict)
    acts: list[tuple[int, Flaw | None]] = field(default_factory=list)

    def does(self, chain: int, flaw: Flaw | None, head: str) -> None:
        """The flaw of this chain is as said from now on, None if it is gone."""
        self.acts.append((chain, self.standing.get(chain)))
        self.standing[chain], self.heads[chain] = flaw, head

    def undoes(self, head: str) -> None:
        """The last act is taken back."""
        chain, before = self.acts.pop()
        self.standing[chain], self.heads[chain] = before, head


@dataclass
class Model:
    """Everything acknowledged so far."""

    studies: dict[str, StudyModel] = field(default_factory=dict)
    superseded: set[str] = field(default_factory=set)
    trials: dict[str, Trial] = field(default_factory=dict)
    rated: dict[tuple[str, str], Rated] = field(default_factory=dict)
    marked: dict[tuple[str, str], Marked] = field(default_factory=dict)
    groupings: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def of(self, study_id: str) -> dict[str, Trial]:
        """The trials of this study by id."""
        return {trial_id: trial for trial_id, trial in self.trials.items() if trial.study_id == study_id}

    def is_out(self, trial_id: str) -> bool:
        """Whether the trial, or all of its rater, counts in no result."""
        trial = self.trials[trial_id]
        out = self.studies[trial.study_id].out
        return out.get(trial.rater, False) or out.get(trial_id, False)

    def judged_by(self, study_id: str) -> dict[int, set[str]]:
        """Whose judgement counts, by unit."""
        found: dict[int, set[str]] = {}
        for trial_id, trial in self.of(study_id).items():
            if trial.kind == "main" and trial.standing not in (None, *UNCOUNTED) and not self.is_out(trial_id):
                found.setdefault(trial.unit, set()).add(trial.rater)
        return found

    def counts(self, study_id: str) -> dict[str, int]:
        """What the board of this study must count."""
        main = {trial_id: each for trial_id, each in self.of(study_id).items() if each.kind == "main"}
        said = [trial_id for trial_id, each in main.items() if each.standing not in (None, *UNCOUNTED)]
        study = self.studies[study_id]
        return {
            "done": sum(not self.is_out(trial_id) for trial_id in said),
            "excluded": sum(self.is_out(trial_id) for trial_id in said),
            "skips": sum(each.standing == "skip" for each in main.values()),
            "wanted": len(study.places) * study.overlap,
        }

    def done_by(self, study_id: str) -> Counter[str]:
        """How many main trials each rater has judged, whether they count or not."""
        done = (each for each in self.of(study_id).values() if each.kind == "main")
        return Counter(each.rater for each in done if each.standing not in (None, *UNCOUNTED))
