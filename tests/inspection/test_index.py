"""The list of cases: pages, filters, counts, order, neighbours and searches over a real store."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.inspection.index import PAGE, Index, NoCaseError, UnfinishedError
from fusion_ui.studies.taxonomy import load_taxonomy
from storage.connection import Store
from storage.studies import NewContender, NewUnit, exclude, put_study
from tests.inspection.listwork import flawed, found, index_of, output_of, rated, sought, stored
from tests.storage.samples import sample_store
from tests.storage.study_samples import opened, saved, study_of, unit


def shown(index: Index, **filters: str) -> list[str]:
    return [case.row.run_id for case in index.find(sought(**filters)).cases]


def counts(index: Index, name: str, **filters: str) -> dict[str, int]:
    return {each.value: each.cases for each in index.find(sought(**filters)).facets[name] if each.cases}


def test_an_empty_store_has_an_empty_page(store: Store) -> None:
    found = index_of(store).find(sought(), page=7)
    assert (found.total, found.matching, found.page, found.pages, found.cases) == (0, 0, 1, 1, ())
    assert found.ranges["cost"] is None


def test_the_latest_run_comes_first_and_open_ones_not_at_all(store: Store) -> None:
    first, second = stored(store), stored(store)
    stored(store, ended=None)
    assert found(store) == [second, first]
    assert found(store, sort="oldest") == [first, second]


def test_a_run_that_was_abandoned_is_a_case_all_the_same(store: Store) -> None:
    run_id = stored(store, ended=None, started_at="2025-01-01T00:00:00.000Z")
    (case,) = index_of(store).find(sought()).cases
    assert (case.row.run_id, case.labels["ended"]) == (run_id, ("interrupted",))


@pytest.mark.parametrize(
    ("filters", "ran"),
    [
        ({"disagree": "judge-vote"}, {"pick": 3}),
        ({"is": "majority-wrong"}, {"answers": ("1", "1", "42")}),
        ({"loss": "broken"}, {"fusion": "41"}),
        ({"stop": "cap"}, {"stop": "cap"}),
        ({"stop": "none"}, {"stop": None, "ended": "failed"}),
        ({"ended": "failed"}, {"ended": "failed"}),
        ({"member": "zoe"}, {"members": ("zoe", "m")}),
        ({"language": "ja"}, {"language": "ja"}),
        ({"language": "unknown"}, {"language": None}),
        ({"tag": "geo"}, {"tags": ("maths", "geo")}),
        ({"failure": "timeout"}, {"failures": 1}),
        ({"failures": "1.."}, {"failures": 2}),
        ({"cost": "..0.5"}, {"cost_usd": 0.1}),
        ({"length": "50.."}, {"texts": ("x" * 50, "y", "z")}),
        ({"prompt_length": "..4"}, {"prompt": "Why?"}),
        ({"draws": "5..9"}, {"answers": ("42",) * 5}),
        ({"stability": "..0.6"}, {"answers": ("42", "41", "40", "39")}),
        ({"day": "2026-03-05"}, {"started_at": "2026-03-05T23:59:59.999Z"}),
    ],
)
def test_each_filter_leaves_what_fits(store: Store, filters: dict[str, str], ran: dict[str, object]) -> None:
    stored(store)
    fitting = stored(store, **ran)
    index = index_of(store)
    assert shown(index, **filters) == [fitting]
    ((name, value),) = filters.items()
    if name in index.find(sought()).facets:
        assert counts(index, name)[value] == 1


def test_people_s_flaws_and_studies_can_be_filtered_by(store: Store) -> None:
    stored(store)
    run_id = stored(store)
    flawed(store, run_id, category="reasoning/arithmetic", severity="critical")
    study_id = studied(store, run_id)
    index = index_of(store)
    for filters in (
        {"flaw": "reasoning"},
        {"flaw": "reasoning/arithmetic"},
        {"severity": "critical"},
        {"study": study_id},
    ):
        assert shown(index, **filters) == [run_id]
    assert index.find(sought()).titles == {study_id: "Pilot"}


def studied(store: Store, run_id: str) -> str:
    with store.writing() as writer:
        shown = NewContender(role="candidate", output_id=output_of(writer, run_id, 1), text="It is 42.")
        units = [NewUnit(place=0, prompt="Why?", contenders=[shown], run_id=run_id)]
        return put_study(
            writer, title="Pilot", definition={}, definition_sha256="d" * 64, overlap=1, units=units
        ).id  # fmt: skip


def test_a_facet_counts_what_its_other_values_would_leave(store: Store) -> None:
    for stop, member in (("cap", "a"), ("cap", "b"), ("evidence", "b"), ("user", "b")):
        stored(store, stop=stop, members=(member,))
    index = index_of(store)
    assert counts(index, "stop", member="b", stop="cap") == {"cap": 1, "evidence": 1, "user": 1}
    assert counts(index, "member", member="b", stop="cap") == {"a": 1, "b": 1}
    assert counts(index, "member", member="nobody") == {"a": 1, "b": 3}


def test_a_chosen_value_is_listed_even_if_nothing_has_it(store: Store) -> None:
    stored(store)
    facets = index_of(store).find(sought(tag="gone")).facets
    assert [tuple(each) for each in facets["tag"]] == [("gone", 0)]


@pytest.mark.parametrize(
    ("sort", "best"),
    [
        ("disagreement", {"pick": 3, "fusion": "7"}),
        ("unstable", {"answers": ("1", "2", "3", "4")}),
        ("expensive", {"cost_usd": 9.0}),
        ("longest", {"texts": ("x" * 500, "y", "z")}),
    ],
)
def test_each_order_begins_with_its_extreme_and_goes_on_newest_first(
    store: Store, sort: str, best: dict[str, object]
) -> None:
    extreme, first, second = stored(store, **best), stored(store), stored(store)
    assert found(store, sort=sort) == [extreme, second, first]


def test_the_worst_flaws_come_first(store: Store) -> None:
    bad, worse, _ = (stored(store) for _ in range(3))
    flawed(store, bad, category="answer", severity="minor")
    flawed(store, worse, category="answer", severity="critical")
    assert found(store, sort="flaws")[:2] == [worse, bad]


def test_pages_join_without_gap_and_the_last_holds_the_rest(store: Store) -> None:
    run_ids = [stored(store) for _ in range(PAGE + 3)]
    index = index_of(store)
    pages = [[case.row.run_id for case in index.find(sought(), page=page).cases] for page in (1, 2, 10**9)]
    assert [len(page) for page in pages] == [PAGE, 3, 3]
    assert pages[0] + pages[1] == list(reversed(run_ids))
    assert index.run_ids(sought()) == tuple(reversed(run_ids))


def test_neighbours_follow_the_list(store: Store) -> None:
    first, second, third = (stored(store) for _ in range(3))
    index = index_of(store)
    assert tuple(index.neighbours(second, sought())) == (third, first, 2, 3, None)
    assert tuple(index.neighbours(third, sought())) == (None, second, 1, 3, None)
    assert tuple(index.neighbours(first, sought(sort="oldest"))) == (None, second, 1, 3, None)


def test_neighbours_of_a_case_that_fits_no_longer_are_those_around_it(store: Store) -> None:
    first, second, third = stored(store, stop="cap"), stored(store), stored(store, stop="cap")
    assert tuple(index_of(store).neighbours(second, sought(stop="cap"))) == (third, first, None, 2, None)
    with pytest.raises(NoCaseError):
        index_of(store).neighbours("0" * 26, sought())


def test_named_runs_and_patterns_narrow_the_list(store: Store) -> None:
    first, second, third = (stored(store) for _ in range(3))
    index = index_of(store)
    assert shown(index, run=second) == [second]
    found = index.find(sought(), among=frozenset({first, third, "no run"}))
    assert [case.row.run_id for case in found.cases] == [third, first]
    assert index.find(sought(), among=frozenset()).matching == 0


def test_a_list_of_all_that_match_leaves_none_out_silently(store: Store) -> None:
    for _ in range(130):
        stored(store)
    index = Index(store, taxonomy=load_taxonomy(), waiting_s=0.0)
    with pytest.raises(UnfinishedError, match="still being indexed"):
        index.run_ids(sought())
    assert index.find(sought()).indexing is not None
    assert len(index_of(store).run_ids(sought())) == 130


def test_losses_are_tallied_over_all_that_match(store: Store) -> None:
    stored(store, gold=None)
    broken = stored(store, fusion="41")
    tallied = index_of(store).tallied(sought())
    assert (tallied.run_ids[0], tallied.known, tallied.loss["broken"], tallied.loss["kept"]) == (broken, 1, 1, 0)


@pytest.fixture
def library(store: Store) -> Store:
    stored(store, prompt="What is the capital?", texts=("Tokyo, of course", "東京都です", "Le café est là"))
    stored(store, prompt="Rivers of Siam", texts=("a long the", "ภาษาไทย", "مُحَمَّد"))
    rated(store, stored(store, prompt="Third"), note="the carry is wrong")
    return store


@pytest.mark.parametrize(
    ("query", "prompts"),
    [
        ("tokyo", ["What"]),
        ("TOKYO course", ["What"]),
        ("cafe", ["What"]),
        ("東京", ["What"]),
        ("東京都", ["What"]),
        ("都", ["What"]),
        ("京東", []),
        ("ษาไ", ["Rivers"]),
        ("محمد", ["Rivers"]),
        ("rivers long", ["Rivers"]),  # the one in the prompt, the other in an answer
        ("river", []),
        ("river*", ["Rivers"]),
        ("prompt:capital", ["What"]),
        ("answer:capital", []),
        ('"of course"', ["What"]),
        ('"course of"', []),
        ('"tokyo of"', ["What"]),
        ('"tokyo course"', []),
        ("carry", ["Third"]),
        ("note:carry third", ["Third"]),
        ('note:"carry is"', ["Third"]),
        ('answer:"carry is"', []),
        ('note:"is carry"', []),
        ("fused", ["Third", "Rivers", "What"]),
        ("zzz", []),
        ('a"b', []),
        ("NEAR(tokyo course)", []),
        ("tokyo -course", ["What"]),
        ("{answers}: tokyo", []),
        ("tokyo\0of", ["What"]),
    ],
)
def test_a_search_finds_what_says_it_and_nothing_else(library: Store, query: str, prompts: list[str]) -> None:
    cases = index_of(library).find(sought(q=query)).cases
    assert [case.row.prompt.split()[0] for case in cases] == prompts


@pytest.mark.parametrize(
    ("query", "place", "hits"),
    [
        ("tokyo", "answer", ["Tokyo"]),
        ("cafe", "answer", ["café"]),
        ("京都", "answer", ["京都"]),
        ("carry", "note", ["carry"]),
        ("siam", "prompt", ["Siam"]),
        ('"of course"', "answer", ["of course"]),
    ],
)
def test_an_excerpt_shows_the_hit_where_it_stands(library: Store, query: str, place: str, hits: list[str]) -> None:
    (case,) = index_of(library).find(sought(q=query)).cases
    assert case.excerpt is not None
    assert case.excerpt.place == place
    assert [part.text for part in case.excerpt.parts if part.hit] == hits


def test_a_note_that_was_taken_back_is_not_found(store: Store) -> None:
    run_id = stored(store)
    rating_id = rated(store, run_id, note="hasty words")
    index = index_of(store)
    assert shown(index, q="note:hasty") == [run_id]
    with store.writing() as writer:
        sql = """INSERT INTO ratings SELECT 'W' || substr(id, 2), run_id, rater_id, 'withdrawn', NULL, NULL, '', 1, id,
            'undone', created_at FROM ratings WHERE id = ?"""
        writer.execute(sql, rating_id)
    assert shown(index, q="note:hasty") == []


def test_a_rating_is_in_the_list_at_once(store: Store) -> None:
    run_id = stored(store)
    index = index_of(store)
    assert counts(index, "is") == {}
    rated(store, run_id)
    assert counts(index, "is") == {"rated": 1}


def test_phrases_of_common_words_are_read_on_until_all_are(store: Store) -> None:
    for number in range(250):
        stored(store, texts=("the end is near", "x", f"the {number}"), answers=("1", "1", "1"))
    index_of(store)
    index = Index(store, taxonomy=load_taxonomy(), reading_s=0.0)
    seen = [index.find(sought(q='"the end is"')) for _ in range(3)]
    assert [found.matching for found in seen] == [100, 200, 250]
    assert [found.reading and tuple(found.reading) for found in seen] == [(100, 150), (200, 50), None]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with sample_store(tmp_path_factory.mktemp("many")) as store:
        for number in range(40):
            stored(
                store, stop=("cap", "evidence", "user")[number % 3], members=("ab"[number % 2], "c"),
                failures=number % 4, answers=("42", str(number % 5), "42"), language=("en", "de", None)[number % 3],
            )  # fmt: skip
        yield index_of(store)


FILTERS = {
    "stop": ("cap", "user"),
    "member": ("a", "b", "c"),
    "language": ("de", "unknown"),
    "failures": ("1..", "..2"),
}


@given(st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in FILTERS.items()}))
def test_a_count_is_what_choosing_the_value_then_finds(many: Index, filters: dict[str, str]) -> None:
    found = many.find(sought(**filters))
    assert found.matching == len(many.run_ids(sought(**filters)))
    for name in ("stop", "member", "language"):
        for each in found.facets[name]:
            assert many.find(sought(**{**filters, name: each.value})).matching == each.cases


def test_a_judgement_counts_as_an_opinion_until_its_rater_is_excluded(store: Store) -> None:
    run_id = stored(store)
    with store.writing() as writer:
        outputs = [output_of(writer, run_id, position) for position in (1, 3)]
        contenders = [NewContender(role="candidate", output_id=output_id, text="As said.") for output_id in outputs]
        study = study_of(writer, units=0, more=[unit(0, run_id=run_id, contenders=contenders)])
        trial = opened(writer, study)
        saved(writer, trial, verdict="output", output_id=outputs[1], role="candidate")
    index = index_of(store)
    assert counts(index, "disagree")["people-judge"] == 1
    with store.writing() as writer:
        exclude(writer, study.id, reason="asleep", rater_id=trial.rater_id)
    assert counts(index, "disagree") == counts(index, "is") == {}
