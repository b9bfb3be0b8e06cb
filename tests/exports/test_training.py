"""Training data: what people preferred, kept by the filters that are asked for, with where each line comes from."""

from pathlib import Path
from typing import Any

import pytest

from fusion_ui.annotation.studies import Studies
from fusion_ui.exports.exports import Exports, Order
from fusion_ui.exports.scopes import ExportError
from fusion_ui.exports.training import Training
from fusion_ui.exports.winners import Filters
from fusion_ui.inspection.flaws import Flaws
from fusion_ui.inspection.marking import Mark
from fusion_ui.replay import StoredRun
from fusion_ui.studies.protocol import Contender, Criterion, Unit
from storage.connection import Store
from tests.annotation.judging import Room
from tests.annotation.support import stored, unit
from tests.exports.support import TAXONOMY, rated, says_with_flaw, study_of_run, trained

ONE_SIDE = {"overlap": 4}


def judged(room: Room, study_id: str, *thoughts: str) -> None:
    """Each thought is one rater's on every item."""
    for number, thought in enumerate(thoughts):
        room.works(study_id, f"rater {number}", lambda _, thought=thought: thought)  # type: ignore[misc]


def test_a_pair_is_what_was_preferred_over_what_stood_beside_it(store: Store, room: Room, tmp_path: Path) -> None:
    judged(room, stored(store, unit(0), **ONE_SIDE), "best", "best", "fusion")
    (line,), report = trained(store, tmp_path)
    assert line["prompt"] == [{"role": "user", "content": "Question 0?"}]
    assert line["chosen"] == [{"role": "assistant", "content": "the picked answer to 0"}]
    assert line["rejected"] == [{"role": "assistant", "content": "the fused answer to 0"}]
    assert report["left_out"] == {}


def test_a_line_says_where_it_comes_from_unless_that_is_not_wanted(store: Store, room: Room, tmp_path: Path) -> None:
    study_id = stored(store, unit(0), **ONE_SIDE)
    judged(room, study_id, "best", "best", "tie", "all_bad")
    (line,), _ = trained(store, tmp_path)
    told = line["provenance"]
    assert (told["study_id"], told["item"], told["run_id"], told["is_blind"]) == (study_id, 0, "", True)
    assert [told[name] for name in ("wins", "ties", "losses", "both_bad", "judgements", "raters")] == [2, 1, 0, 1, 4, 4]
    assert (told["share"], len(told["rating_ids"])) == (2.5 / 4, 4)
    assert (told["chosen_role"], told["rejected_role"], told["chosen_output_id"]) == ("best", "fusion", "0 best")
    (bare,), _ = trained(store, tmp_path, has_provenance=False, form="standard")
    assert bare == {
        "prompt": "Question 0?", "chosen": "the picked answer to 0", "rejected": "the fused answer to 0",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("thoughts", "filters", "why"),
    [
        (["fusion", "best"], {}, "nobody's favourite"),
        (["tie"], {}, "nobody's favourite"),
        (["fusion"], {"judgements": 2}, "too few judgements"),
        (["fusion", "fusion", "best"], {"share": 0.7}, "too small a share"),
        (["fusion", "all_bad", "all_bad"], {}, "too small a share"),
        (["fusion", "fusion", "tie"], {"has_no_ties": True}, "somebody saw a tie"),
        (["fusion"], {"agrees_with_vote": True}, "disagrees with the vote"),
    ],
)
def test_what_is_left_out_is_counted_under_its_rule(
    thoughts: list[str], filters: dict[str, Any], why: str, store: Store, room: Room, tmp_path: Path
) -> None:
    judged(room, stored(store, unit(0), **ONE_SIDE), *thoughts)
    assert trained(store, tmp_path, **filters)[1]["left_out"] == {why: 1}


def test_without_its_filter_the_same_pair_is_kept(store: Store, room: Room, tmp_path: Path) -> None:
    judged(room, stored(store, unit(0), **ONE_SIDE), "fusion", "fusion", "tie")
    kept, _ = trained(store, tmp_path, judgements=3, share=0.8)
    assert len(kept) == 1


def test_what_was_judged_open_is_left_out_unless_it_is_wanted(store: Store, run: StoredRun, tmp_path: Path) -> None:
    rated(store, run, "fusion")
    made, report = trained(store, tmp_path)
    assert (made, set(report["left_out"])) == ([], {"was not judged blind"})
    kept, _ = trained(store, tmp_path, is_blind=False)
    assert {line["provenance"]["chosen_role"] for line in kept} == {"fusion"}
    assert {line["provenance"]["run_id"] for line in kept} == {run.rows.run.id}


def test_a_candidate_that_was_preferred_beats_the_strategies(store: Store, run: StoredRun, tmp_path: Path) -> None:
    rated(store, run, "candidate:4")
    kept, _ = trained(store, tmp_path, is_blind=False)
    assert {line["provenance"]["chosen_role"] for line in kept} == {"candidate"}
    assert {line["provenance"]["rejected_role"] for line in kept} >= {"fusion", "best"}


def test_what_is_withdrawn_superseded_or_excluded_teaches_nothing(store: Store, room: Room, tmp_path: Path) -> None:
    study_id = stored(store, unit(0), **ONE_SIDE)
    judged(room, study_id, "fusion")
    Studies(store).exclude(study_id, rater="rater 0", reason="asleep")
    assert trained(store, tmp_path)[0] == []


def test_what_was_said_too_fast_teaches_nothing(store: Store, room: Room, tmp_path: Path) -> None:
    study_id = stored(store, unit(0))
    room.works(study_id, "ann", lambda _: "fusion", seconds=0.5)
    assert trained(store, tmp_path)[0] == []
    assert len(trained(store, tmp_path, takes_too_fast=True)[0]) == 1


def test_model_judges_teach_nothing(store: Store, room: Room, tmp_path: Path) -> None:
    study_id = stored(store, unit(0))
    room.works(study_id, "judge: gpt", lambda _: "fusion")
    assert trained(store, tmp_path)[0] == []


def test_an_answer_with_a_flaw_at_the_floor_is_left_out(
    store: Store, room: Room, run: StoredRun, tmp_path: Path
) -> None:
    study_id = study_of_run(store, run)
    says_with_flaw(room, study_id, "ann", verdict="fusion", on="fusion", span=("reasoning", "major"))
    assert trained(store, tmp_path, flaw_floor="major")[1]["left_out"] == {"has a flaw": 1}
    assert len(trained(store, tmp_path, flaw_floor="critical")[0]) == 1


def test_a_flaw_on_the_other_answer_or_praise_does_no_harm(
    store: Store, room: Room, run: StoredRun, tmp_path: Path
) -> None:
    study_id = study_of_run(store, run)
    says_with_flaw(room, study_id, "ann", verdict="fusion", on="best", span=("reasoning", "critical"))
    praise = Mark(output_id=run.rows.outputs[-1].id, category="correct")
    Flaws(store, taxonomy=TAXONOMY).mark(run.rows.run.id, "bob", praise, key="a key of a press")
    assert len(trained(store, tmp_path, flaw_floor="minor")[0]) == 1


def test_a_flaw_marked_on_the_runs_page_counts_too(store: Store, room: Room, run: StoredRun, tmp_path: Path) -> None:
    room.works(study_of_run(store, run), "ann", lambda _: "fusion")
    mark = Mark(output_id=run.rows.outputs[-1].id, category="answer", severity="minor")
    Flaws(store, taxonomy=TAXONOMY).mark(run.rows.run.id, "bob", mark, key="a key of a press")
    assert trained(store, tmp_path, flaw_floor="minor")[1]["left_out"] == {"has a flaw": 1}


def test_a_severity_that_there_is_not_is_refused(store: Store, tmp_path: Path) -> None:
    order = Order(what="dpo", training=Training(filters=Filters(flaw_floor="awful")))
    with pytest.raises(ExportError, match="no severity 'awful'; there are neutral, minor, major, critical"):
        Exports(store, taxonomy=TAXONOMY).write(order, tmp_path / "x")


def test_an_answer_that_the_vote_leads_with_agrees_with_it(
    store: Store, room: Room, run: StoredRun, tmp_path: Path
) -> None:
    room.works(study_of_run(store, run), "ann", lambda _: "fusion")
    kept, _ = trained(store, tmp_path, agrees_with_vote=True)
    assert len(kept) == 1
    rated(store, run, "candidate:3")  # says 45, where 40 leads
    _, report = trained(store, tmp_path, agrees_with_vote=True, is_blind=False, runs=(run.rows.run.id,))
    assert set(report["left_out"]) == {"disagrees with the vote"}


def test_one_pair_a_prompt_keeps_the_surest(store: Store, room: Room, tmp_path: Path) -> None:
    first = stored(store, unit(0), **ONE_SIDE)
    judged(room, first, "fusion", "fusion", "best")
    second = stored(store, unit(0), title="again", **ONE_SIDE)
    judged(room, second, "fusion", "fusion")
    assert len(trained(store, tmp_path)[0]) == 2
    (line,), report = trained(store, tmp_path, is_one_a_prompt=True)
    assert line["provenance"]["study_id"] == second
    assert report["left_out"] == {"another pair of the prompt is surer": 1}


def test_a_ranking_gives_a_pair_of_each_two(store: Store, room: Room, tmp_path: Path) -> None:
    three = unit(0, texts=("f", "b", "v"))
    study_id = stored(store, three, task="ranking", contrasts=(("fusion", "best", "vote"),))
    room.works(study_id, "ann", lambda _: {"verdict": "ranking", "ranking": (("best",), ("fusion", "vote"))})
    kept, report = trained(store, tmp_path)
    pairs = {(line["provenance"]["chosen_role"], line["provenance"]["rejected_role"]) for line in kept}
    assert pairs == {("best", "fusion"), ("best", "vote")}
    assert report["left_out"] == {"nobody's favourite": 1}


def test_best_and_worst_say_nothing_of_those_between(store: Store, room: Room, tmp_path: Path) -> None:
    four = unit(0, texts=("f", "b", "v", "s"))
    study_id = stored(store, four, task="best-worst", contrasts=(("fusion", "best", "vote", "single"),))
    room.works(study_id, "ann", lambda _: {"verdict": "ranking", "best": "best", "worst": "fusion"})
    kept, _ = trained(store, tmp_path)
    pairs = {(line["provenance"]["chosen_role"], line["provenance"]["rejected_role"]) for line in kept}
    assert pairs == {("best", "fusion"), ("best", "vote"), ("best", "single"), ("vote", "fusion"), ("single", "fusion")}


def test_texts_that_are_the_same_teach_nothing(store: Store, room: Room, tmp_path: Path) -> None:
    fused = Contender(output_id="1", role="fusion", text="same")
    best = Contender(output_id="2", role="best", text="same ")
    judged(room, stored(store, Unit(place=0, run_id="", prompt="Q?", contenders=(fused, best))), "fusion")
    assert trained(store, tmp_path)[1]["left_out"] == {"the same text twice": 1}


def test_hidden_names_are_not_taught(store: Store, room: Room, run: StoredRun, tmp_path: Path) -> None:
    study_id = study_of_run(store, run, masks_names=True)
    room.works(study_id, "ann", lambda _: "fusion")
    (line,), _ = trained(store, tmp_path)
    assert line["chosen"][0]["content"] == run.rows.outputs[-1].text


def test_supervised_examples_are_what_was_preferred_once_a_text(store: Store, room: Room, tmp_path: Path) -> None:
    for title in ("one", "two"):
        judged(room, stored(store, unit(0), title=title), "fusion")
    made, report = trained(store, tmp_path, "sft", form="messages")
    (line,) = made
    assert [each["role"] for each in line["messages"]] == ["user", "assistant"]
    assert report["left_out"] == {"the same text again": 1}


def test_fused_answers_need_nobodys_preference(store: Store, run: StoredRun, tmp_path: Path) -> None:
    (line,), _ = trained(store, tmp_path, "sft", answers="fused", agrees_with_vote=True, flaw_floor="minor")
    assert line["completion"] == [{"role": "assistant", "content": run.rows.outputs[-1].text}]
    assert (line["provenance"]["run_id"], line["provenance"]["chosen_role"]) == (run.rows.run.id, "fusion")


def test_every_line_has_the_same_fields_with_the_same_types(
    store: Store, room: Room, run: StoredRun, tmp_path: Path
) -> None:
    judged(room, stored(store, unit(0)), "fusion")
    room.works(study_of_run(store, run), "ann", lambda _: "fusion")
    rated(store, run, "fusion")
    kept, _ = trained(store, tmp_path, is_blind=False)
    shapes = {tuple((name, type(value)) for name, value in line["provenance"].items()) for line in kept}
    assert len(kept) >= 3
    assert len(shapes) == 1


def test_scores_on_a_rubric_compare_nothing(store: Store, room: Room, tmp_path: Path) -> None:
    criterion = Criterion(key="clear", label="Clear", anchors=("no", "so so", "yes"))
    study_id = stored(store, unit(0), task="rubric", criteria=(criterion,))
    scores = {"fusion": {"clear": 3}, "best": {"clear": 1}}
    room.works(study_id, "ann", lambda _: {"verdict": "scores", "scores": scores})
    made, report = trained(store, tmp_path)
    assert (made, report["left_out"]) == ([], {})


def test_a_tie_of_three_favours_nobody_three_times(store: Store, room: Room, tmp_path: Path) -> None:
    study_id = stored(store, unit(0, texts=("f", "b", "v")), task="ranking", contrasts=(("fusion", "best", "vote"),))
    room.works(study_id, "ann", lambda _: "all_bad")
    assert trained(store, tmp_path)[1]["left_out"] == {"nobody's favourite": 3}


def test_an_open_tie_is_between_the_strategies(store: Store, run: StoredRun, tmp_path: Path) -> None:
    rated(store, run, "tie")
    _, report = trained(store, tmp_path, is_blind=False)
    # The pick, the fused answer, and what stands for the vote: three outputs, of which each two tie.
    assert report["left_out"] == {"nobody's favourite": 3}
