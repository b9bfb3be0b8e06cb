"""Who backs a sentence, and what several texts share."""

from fusion_ui.engine.texts.matching import Match, best_matches, shared_claims, within_room
from fusion_ui.engine.texts.similarity import passages


def best(claim: str, source: str) -> Match | None:
    return best_matches(passages(claim), passages(source))[0]


def test_the_same_words_match_wherever_they_stand() -> None:
    assert best("The sky is blue.", "Grass is green. **The sky is blue!**") == Match(1, 1, 1.0)


def test_a_sentence_inside_a_longer_one_is_a_part_of_it() -> None:
    match = best("All of them add up to 5050.", "We know that all of them add up to 5050, so we go on.")
    assert match == Match(0, 0, 1.0, is_part=True)


def test_two_words_inside_a_sentence_are_no_part_of_it() -> None:
    assert best("It is.", "It is raining in the north of the country, and hail will follow.") is None


def test_a_part_that_is_denied_around_it_is_no_match() -> None:
    assert best("All of them are safe to eat.", "It is not so that all of them are safe to eat, as we know.") is None


def test_two_neighbours_may_back_one_sentence() -> None:
    match = best(
        "She bought three apples on Monday and then gave two of them to Bob.",
        "Well. She bought three apples on Monday. Then she gave two of them to Bob. Fine.",
    )
    assert match is not None
    assert (match.first, match.last) == (1, 2)


def test_short_sentences_must_match_more_closely_than_long_ones() -> None:
    assert best("We go home now.", "We go out now.") is None
    assert best(
        "We go back home to the old village by the sea now.", "We go back out to the old village by the sea now."
    )


def test_without_sources_nothing_matches() -> None:
    assert best_matches(passages("One. Two."), []) == (None, None)
    assert best_matches([], passages("One.")) == ()


def test_shared_claims_are_quoted_from_the_first_and_know_who_makes_them() -> None:
    texts = [passages("Cats purr at night. Dogs bark all day."), passages("Dogs bark all day!"), passages("Fish swim.")]
    (claim,) = shared_claims(texts, least=2)
    assert (claim.quoted_from, claim.passage, list(claim.places)) == (0, 1, [0, 1])


def test_a_claim_is_told_once_however_it_is_worded() -> None:
    texts = [passages(f"Dogs bark {how} all day long in this old town.") for how in ("loudly", "nearly", "almost")]
    assert len(shared_claims(texts, least=2)) == 1


def test_a_longer_sentence_stays_a_claim_of_its_own() -> None:
    longer = passages("Dogs bark all day, and cats sleep on the roof of the church.")
    texts = [passages("Dogs bark all day."), longer, longer]
    assert [(claim.quoted_from, list(claim.places)) for claim in shared_claims(texts, least=2)] == [
        (0, [0, 1, 2]),
        (1, [1, 2]),
    ]


def test_room_is_bounded_for_texts_of_very_short_sentences() -> None:
    assert len(within_room(passages("\n".join(f"- a{number}" for number in range(5_000))))) == 1_200
