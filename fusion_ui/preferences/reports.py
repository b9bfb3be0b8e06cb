"""Reports of studies: facts, analysis, figures and examples gathered from the store, told as one page of HTML."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol, TypeAlias

from fusion_ui.annotation.shelf import NoStudyError, study_of
from fusion_ui.figures.preference_words import share_in
from fusion_ui.preferences.question import By, Question
from fusion_ui.preferences.report_cases import Counting, examples
from fusion_ui.preferences.report_facts import study_facts
from fusion_ui.preferences.report_page import report_html
from fusion_ui.studies.protocol import Protocol as StudyProtocol
from fusion_ui.studies.protocol import Study
from storage.connection import Store
from storage.studies import study_rows

Json: TypeAlias = Mapping[str, Any]
FigureKind = Literal["svg", "png", "pdf"]
Draw: TypeAlias = Callable[[Json, str, FigureKind], bytes]

_HAS_FIGURE: Mapping[str, Callable[[Json], bool]] = {
    "contrasts": lambda analysis: bool(analysis["contrasts"]),
    "ladder": lambda analysis: any(ladder["rungs"] for ladder in analysis["ladders"]),
    "matrix": lambda analysis: bool(analysis["ladders"]) and len(analysis["matrix"]["systems"]) > 2,
    "rubric": lambda analysis: bool(analysis["rubric"]["means"]),
    "raters": lambda analysis: any(share_in(each["others"]).of for each in analysis["raters"]),
    "effects": lambda analysis: bool(analysis["adjusted"]),
    "worth": lambda analysis: any(each["cost_usd"] or each["seconds"] for each in analysis["worth"]),
}


class Analyst(Protocol):
    """What a report needs of `Analyses`."""

    def analysis(self, question: Question) -> dict[str, Any]:
        """The answer to a question."""


class Reports:
    """Studies as pages fit to be attached to a paper. `figure` draws: matplotlib has its own room."""

    def __init__(self, store: Store, analyses: Analyst, figure: Draw) -> None:
        self._store = store
        self._analyses = analyses
        self._figure = figure

    def report(self, study_id: str, *, names: bool = False) -> str:
        """The page of this study; people are Rater 1, Rater 2 … unless `names` are asked for. Raises NoStudyError."""
        with self._store.reading() as reader:
            rows = study_rows(reader, study_id)
            if rows is None:
                raise NoStudyError
            study = study_of(rows)
            facts = study_facts(reader, rows, study, names=names)
        # What people said with the names before them is the whole of an open study.
        question = Question(studies=(study_id,), open=not study.protocol.is_blind, by=_by(study))
        found = _labelled(self._analyses.analysis(question), study.protocol)
        counting = Counting(
            by=question.by,
            raters=frozenset(row["rater"] for row in found["raters"]),
            left_out=frozenset(found["asked"]["leave_out"]),
        )
        with self._store.reading() as reader:
            cases = examples(reader, study, counting, facts.people)
        analysis = facts.people.in_analysis(found)
        figures = {
            name: self._figure(analysis, name, "svg") for name, is_told in _HAS_FIGURE.items() if is_told(analysis)
        }
        return report_html(analysis, facts, figures, cases)


def _by(study: Study) -> By:
    """What the study compares: roles, or where all answers have the same one, those who wrote them."""
    roles = {contender.role for unit in study.units for contender in unit.contenders}
    return "role" if len(roles) > 1 else "member"


def _labelled(analysis: Json, protocol: StudyProtocol) -> Json:
    """The analysis with its criteria called as raters saw them."""
    label = {criterion.key: criterion.label for criterion in protocol.criteria}
    rubric = {
        name: [row | {"criterion": label.get(row["criterion"], row["criterion"])} for row in rows]
        for name, rows in analysis["rubric"].items()
    }
    return {**analysis, "rubric": rubric}
