"""How texts vote on the sentences of one of them."""

from collections.abc import Sequence

from fusion_ui.engine.texts.polling import Neighbours, Poll, Quote
from fusion_ui.engine.texts.similarity import candidate_passages
from tests.engine.sayings import answering

A, B, C, D = (
    "The old bridge has many arches.",
    "Italian masons built it in 1748.",
    "Every spring the river rises to the road.",
    "A flood destroyed part of the railing.",
)
LONE = "Penguins live far south of here."


def poll(*texts: Sequence[str], quotable: int = 9) -> Poll:
    """A poll on the first text; each text is given as its sentences."""
    return Poll([candidate_passages(one) for one in answering(*(" ".join(text) for text in texts))], quotable=quotable)


def quotes(*texts: Sequence[str], quotable: int = 9) -> list[Quote]:
    return list(poll(*texts, quotable=quotable).quotes())


def test_backers_are_the_others_who_say_the_same() -> None:
    votes = poll([A, LONE], [A], [B, A])
    assert (votes.backers(0), votes.backers(1)) == ({1, 2}, frozenset())
    assert 0.4 < votes.backed_share < 0.6


def test_headings_code_and_tables_do_not_vote() -> None:
    votes = poll([f"# {A}\n\n```\n{B}\n```\n\n| {C} |\n\n{D}"], [A])
    assert [passage.key for passage in votes.base] == ["a flood destroyed part of the railing"]


def test_a_cut_needs_a_text_that_reads_on_without_it() -> None:
    assert poll([A, LONE, B], [A, B], [C]).bears_cut(range(1, 2))
    assert not poll([A, LONE, B], [A], [B]).bears_cut(range(1, 2))
    assert not poll([A, LONE, B], [B, A], [C]).bears_cut(range(1, 2))


def test_both_ends_of_a_text_may_be_cut() -> None:
    assert poll([LONE, A], [A], [A]).bears_cut(range(1))
    assert poll([A, LONE], [A], [A]).bears_cut(range(1, 2))


def test_what_another_text_hints_at_is_not_cut() -> None:
    hint = "As we know, penguins of all kinds live very far south of here and not at home."
    assert not poll([A, LONE, B], [A, B], [hint]).bears_cut(range(1, 2))


def test_a_number_or_variable_used_later_holds_its_sentence() -> None:
    counted, used = "Penguins number 77 in the south.", "Hence we need 77 more tickets."
    assert poll([A, counted, B], [A, B], [A]).bears_cut(range(1, 2))
    assert not poll([A, counted, B, used], [A, B, used], [A]).bears_cut(range(1, 2))
    named, solved = "Let k be whatever penguins weigh.", "Hence k is all we need to know."
    assert not poll([A, named, B, solved], [A, B, solved], [A]).bears_cut(range(1, 2))


def test_most_must_share_what_is_quoted() -> None:
    assert quotes([A, B], [A, C, B], [A, C, B]) == [Quote(((1, 1), (2, 1)), None)]
    assert quotes([A, B], [A, C, B], [A, C, B], [D]) == []


def test_only_texts_that_may_be_quoted_are() -> None:
    assert quotes([A, B], [A, B], [A, C], [A, C], [A, C], quotable=2) == []
    assert quotes([A, B], [A, C], [A, C], [A, C], quotable=2) == [Quote(((1, 1),), None)]


def test_the_best_known_place_is_quoted_first() -> None:
    assert quotes([A, B, D], [A, C], [A, C, B], [A, C])[0].sources[0] == (2, 1)


def test_what_the_base_says_or_hints_at_is_not_quoted() -> None:
    hint = "Every spring, as the old people say, the river rises up to the level of the road and stays there."
    assert quotes([A, hint], [A, C], [A, C]) == []


def test_near_duplicates_are_quoted_once() -> None:
    again = "Every single spring the river rises up to the wet road."
    assert len(quotes([A, B], [A, C, again, B], [A, C, again, B])) == 1


def test_an_answer_is_never_quoted() -> None:
    assert quotes([A, B], [A, B, "So all in all we get: 12"], [A, B, "So all in all we get: 12"]) == []


def test_a_contradicted_sentence_is_replaced_in_its_place_only() -> None:
    wrong = B.replace("1748", "1784")
    assert quotes([A, wrong, C], [A, B, C], [A, B, C]) == [Quote(((1, 1), (2, 1)), 1)]
    assert quotes([A, wrong, C, D], [A, D, B], [A, D, B]) == []


def test_one_shared_neighbour_is_enough_to_know_the_place() -> None:
    wrong = B.replace("1748", "1784")
    assert quotes([D, A, wrong, C], [A, B], [A, B])[0].instead_of == 2
    assert quotes([A, wrong, C, D], [B, C], [B, C])[0].instead_of == 1
    assert quotes([A, wrong, C, D], [B, D], [B, D]) == []


def test_who_says_both_sees_no_contradiction() -> None:
    wrong = B.replace("1748", "1784")
    assert quotes([A, wrong, C], [A, B, C], [A, wrong, B, C]) == []
    one, other = "17 + 25 = 42.", "86 + 93 = 179."
    assert quotes([A, one, B], [A, one, other, B], [A, one, other, B]) == [Quote(((1, 2), (2, 2)), None)]
    assert quotes([A, one, B, C], [A, C, other], [A, C, other]) == []


def test_the_bases_answer_is_not_replaced() -> None:
    votes = [["So all in all we get: 12"], ["So all in all we get 13."], ["So all in all we get 13."]]
    assert quotes(*votes) == []
    assert quotes(["So all in all we get 12."], *votes[1:]) == [Quote(((1, 0), (2, 0)), 0)]


def test_neighbours_are_the_nearest_known_sentences() -> None:
    votes = poll([A, B], [A, C, LONE, B], [C])
    assert votes.neighbours(1, 1) == votes.neighbours(1, 2) == Neighbours(0, 1)
    assert votes.neighbours(2, 0) == Neighbours(None, None)
