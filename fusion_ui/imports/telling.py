"""What was understood, in numbers and words, before anything is stored; files with nothing of use are refused."""

from collections.abc import Sequence

from fusion_ui.exchange.answers import AnswerFile
from fusion_ui.exchange.entries import RecordedFile
from fusion_ui.exchange.recorded_ratings import ImportRefusedError
from fusion_ui.exchange.sniffing import Format
from fusion_ui.imports.gathering import Gathered
from fusion_ui.imports.planning import UNNAMED, UNNAMED_JUDGE
from fusion_ui.imports.understood import MOST_PROBLEMS, Problems, Understood, counted
from fusion_ui.imports.votes import VotePlan
from storage.bundles import Put


def name_of(files: Sequence[RecordedFile]) -> str:
    """What several files are called together."""
    first, *others = (file.label for file in files)
    return f"{first} and {counted(len(others), 'other file')}" if others else first


def understood_votes(plan: VotePlan, *, format_: Format) -> Understood:
    """What these votes come to. Raises ImportRefusedError where none can be used."""
    planner, name = plan.planner, name_of(plan.votes.files)
    _check(planner.judgements, plan.problems, name=name)
    words = [
        f"{counted(planner.judgements, 'judgement')} by {counted(len(planner.raters), 'rater')} of "
        f"{counted(len(planner.members), 'member')} on {counted(len(planner.prompts), 'prompt')}."
    ]
    if plan.already:
        words.append(f"{counted(plan.already, 'judgement')} of them {_are(plan.already)} stored already.")
    if plan.new_units:
        words.append(f"A study {plan.title!r} of {counted(plan.new_units, 'new item')} will hold what is new.")
    elif plan.new:
        words.append("What is new goes to the study that has its items.")
    if UNNAMED in planner.raters:
        words.append("Where no rater is named, each judgement of an item counts as another person's.")
    if UNNAMED_JUDGE in planner.raters:
        words.append("Scores by nobody are taken to be a model's: name it with --judge.")
    return Understood(
        format=format_,
        name=name,
        prompts=len(planner.prompts),
        judgements=planner.judgements,
        raters=len(planner.raters),
        members=tuple(planner.members),
        problems=tuple(plan.problems.first),
        problem_count=plan.problems.count,
        already=plan.already,
        words=_told(words, plan.problems.count),
    )


def understood_pools(found: Gathered, *, format_: Format) -> Understood:
    """What these candidates come to. Raises ImportRefusedError where none can be used."""
    name = name_of(tuple(found.format_by_file))
    _check(found.candidates, found.problems, name=name)
    words = [
        f"{counted(found.candidates, 'candidate')} of {counted(len(found.members), 'member')} to "
        f"{counted(found.prompts, 'prompt')}. Each prompt becomes a run: a vote, a pick and a fusion, without a model."
    ]
    if found.already:
        words.append(f"{counted(found.already, 'prompt')} of them {_are(found.already)} stored already.")
    return Understood(
        format=format_,
        name=name,
        prompts=found.prompts,
        candidates=found.candidates,
        members=tuple(found.members),
        problems=tuple(found.problems.first),
        problem_count=found.problems.count,
        already=found.already,
        words=_told(words, found.problems.count),
    )


def understood_answers(files: Sequence[AnswerFile], *, name: str, already: int) -> Understood:
    """What files of recorded answers come to."""
    problems = sum(file.problem_count for file in files)
    answers = sum(len(row.answers) for file in files for row in file.rows)
    questions = len({(row.set, row.question) for file in files for row in file.rows})
    members = tuple(dict.fromkeys(row.member for file in files for row in file.rows))
    words = [
        f"{counted(answers, 'answer')} of {counted(len(members), 'member')} to {counted(questions, 'question')}, for "
        "the Lab."
    ]
    if already:
        words.append(f"{counted(already, 'file')} of {len(files)} {_are(already)} stored already.")
    return Understood(
        format="answers",
        name=name,
        prompts=questions,
        candidates=answers,
        members=members,
        problems=tuple(problem for file in files for problem in file.problems)[:MOST_PROBLEMS],
        problem_count=problems,
        already=already,
        words=_told(words, problems),
    )


def understood_bundles(puts: Sequence[Put], *, name: str) -> Understood:
    """What bundles of this app come to."""
    stored, known = (sum(sum(getattr(put, which).values()) for put in puts) for which in ("stored", "known"))

    def rows(table: str) -> int:
        return sum(put.stored.get(table, 0) + put.known.get(table, 0) for put in puts)

    runs, studies = rows("runs"), rows("studies")
    words = [
        f"{counted(runs, 'run')} and {counted(studies, 'study', 'studies')} as this app exported them: "
        f"{counted(stored, 'row')} new, {counted(known, 'row')} stored already."
    ]
    return Understood(
        format="bundle",
        name=name,
        prompts=rows("prompts"),
        candidates=rows("outputs"),
        judgements=rows("trial_ratings") + rows("ratings"),
        raters=rows("raters"),
        already=known,
        words=_told(words, 0),
    )


def _check(usable: int, problems: Problems, *, name: str) -> None:
    if usable:
        return
    if not problems.first:
        raise ImportRefusedError(f"{name} has a header and no row.")
    first = problems.first[0]
    raise ImportRefusedError(f"{name} holds nothing that can be used: line {first.line} {first.message}.")


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _told(words: list[str], problems: int) -> str:
    if problems:
        words.append(f"{counted(problems, 'line')} cannot be used as {'it stands' if problems == 1 else 'they stand'}.")
    return " ".join(words)
