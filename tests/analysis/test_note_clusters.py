"""Notes that share words come together, in any script and any order; others stay alone."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.analysis.note_clusters import MOST_NOTES, NoteClusters, note_clusters, words_of

NOTES = (
    "forgets to carry the digit",
    "carry digit forgotten here",
    "the unit is wrong: km, not miles",
    "wrong unit, should be km",
    "进位算术错误",
    "算术错误，进位",
    "الجمع خاطئ هنا",
    "خاطئ: الجمع",
    "किताब की कीमत ग़लत",
    "ग़लत कीमत",
    "hello",
)


def grouped(notes: tuple[str, ...] | list[str]) -> set[frozenset[str]]:
    return {frozenset(notes[place] for place in cluster.places) for cluster in note_clusters(notes).clusters}


def test_notes_of_shared_words_are_grouped_in_every_script() -> None:
    assert grouped(NOTES) == {frozenset(NOTES[at : at + 2]) for at in (0, 2, 4, 6, 8)}


def test_a_note_like_no_other_stays_alone() -> None:
    found = note_clusters(NOTES)
    assert (found.alone, found.used) == (1, len(NOTES))


def test_a_cluster_is_told_by_the_words_its_notes_share() -> None:
    (cluster,) = note_clusters(NOTES[:2]).clusters
    assert set(cluster.words) == {"carry", "digit"}


def test_the_largest_cluster_comes_first() -> None:
    found = note_clusters(["bad unit", "Bad unit!", *NOTES[:2], "bad unit"])
    assert [cluster.places for cluster in found.clusters] == [(0, 1, 4), (2, 3)]


@pytest.mark.parametrize("notes", [[], [""], ["…", "!!"], ["alone"]])
def test_nothing_to_compare_is_no_cluster(notes: list[str]) -> None:
    assert note_clusters(notes).clusters == ()
    assert note_clusters(notes).alone <= len(notes)


def test_the_same_note_many_times_is_one_cluster() -> None:
    (cluster,) = note_clusters(["too long"] * 5000).clusters
    assert len(cluster.places) == 5000


def test_of_very_many_notes_the_last_are_looked_at() -> None:
    old = [f"relic{number // 2} side{number % 2}" for number in range(20)]
    assert len(note_clusters(old).clusters) == 10
    found = note_clusters([*old, *(f"fresh{number}" for number in range(MOST_NOTES))])
    assert (found.used, found.clusters) == (MOST_NOTES, ())


@given(st.permutations(NOTES))
def test_the_order_of_notes_changes_nothing(notes: list[str]) -> None:
    assert grouped(notes) == grouped(NOTES)


@given(st.lists(st.text(max_size=40), max_size=20))
def test_every_note_is_in_one_cluster_or_alone(notes: list[str]) -> None:
    found: NoteClusters = note_clusters(notes)
    places = [place for cluster in found.clusters for place in cluster.places]
    assert len(places) == len(set(places)) == found.used - found.alone
    assert all(len(cluster.places) > 1 and cluster.words for cluster in found.clusters)


def test_long_notes_of_many_words_are_compared_in_time() -> None:
    random = Random(3)
    words = [f"word{number}" for number in range(5000)]
    found = note_clusters([" ".join(random.choices(words, k=60)) for _ in range(MOST_NOTES)])
    assert found.used == MOST_NOTES


def test_words_are_cut_as_their_script_asks() -> None:
    assert list(words_of("It's ＷＲＯＮＧ, 12 of 进位错")) == ["wrong", "12", "进位", "位错"]
