"""Where a fused text comes from: copied characters and the ledger of sentences."""

import difflib
from pathlib import Path
from statistics import mean, median
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.attribution import MINIMUM_CJK_COPY, MINIMUM_COPY, copied_text, ledger
from fusion_ui.engine.ledger import Ledger, Span
from fusion_ui.engine.texts.similarity import passages
from tests.engine.sayings import ASIDES, MOON, SPACE, answering, candidates, mtbench, quoted

TEXTS = st.text(max_size=80) | st.text(st.sampled_from("aB1 .\n*-#|月光。が"), max_size=80)
SHARED = "The first three primes add up to 10. "


def support(text: str, *texts: str) -> list[list[tuple[int, str]]]:
    return [[(one.position, one.kind) for one in line.support] for line in ledger(text, candidates(*texts)).lines]


def dropped(text: str, *texts: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.text, one.positions) for one in ledger(text, candidates(*texts)).dropped]


def visible(text: str, spans: tuple[Span, ...]) -> str:
    return "".join("".join(quoted(text, span).split()) for span in spans)


class TestCopiedText:
    @pytest.mark.parametrize("script", MOON)
    def test_it_finds_the_sentences_taken_from_each_candidate_in_any_script(self, script: str) -> None:
        moon, aside, space = MOON[script], ASIDES[script], SPACE[script]
        text = space.join([moon[0], aside[0], moon[3]])
        ours, theirs = copied_text(text, candidates(space.join(moon), space.join(aside)))
        assert visible(text, ours.spans).startswith("".join(moon[0].split()))
        assert ours.share == pytest.approx(
            len("".join((moon[0] + moon[3]).split())) / len("".join(text.split())), abs=0.08
        )
        assert 0 < theirs.share < ours.share

    def test_single_letters_and_words_do_not_count(self) -> None:
        (copied,) = copied_text(
            "A quick look at the map helps.", candidates("The map was quickly looked at in a hurry.")
        )
        assert copied.share == 0
        assert copied.spans == ()

    def test_moved_passages_and_other_line_breaks_still_count(self) -> None:
        one, two = "the oldest bridge in town", "the widest street of all"
        (copied,) = copied_text(f"{one}\n{two}", candidates(f"{two}, {one.replace(' ', '  ')}"))
        assert copied.share == 1

    def test_a_short_text_counts_only_as_words_of_its_own(self) -> None:
        shares = [one.share for one in copied_text("42", candidates("It is 42.", "In 1942.", "42", "是42。"))]
        assert shares == [1, 0, 1, 1]

    def test_a_blank_text_is_copied_from_nobody(self) -> None:
        assert [one.share for one in copied_text(" \n", candidates("text", ""))] == [0, 0]

    @given(TEXTS, TEXTS)
    def test_shares_and_spans_are_sound_for_any_texts(self, text: str, source: str) -> None:
        (copied,) = copied_text(text, candidates(source))
        assert 0 <= copied.share <= 1
        ends = [0, *(end for span in copied.spans for end in (span.start, span.end)), len(text)]
        assert ends == sorted(ends)
        assert len(visible(text, copied.spans)) == pytest.approx(copied.share * len("".join(text.split())))

    @given(TEXTS)
    def test_a_text_is_wholly_copied_from_itself(self, text: str) -> None:
        (copied,) = copied_text(text, candidates(f"  {text}\n"))
        assert copied.share == (1 if text.strip() else 0)

    @given(st.text("ab ", max_size=120), st.text("ab ", max_size=120))
    def test_every_long_block_that_difflib_finds_is_covered(self, text: str, source: str) -> None:
        one, other = "".join(text.split()), "".join(source.split())
        blocks = difflib.SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
        (copied,) = copied_text(one, candidates(other))
        covered = {at for span in copied.spans for at in range(span.start, span.end)}
        assert all(covered.issuperset(range(b.a, b.a + b.size)) for b in blocks if b.size >= MINIMUM_COPY)

    def test_it_agrees_with_difflib_on_texts_fused_in_order(self, shared_data: Path) -> None:
        differences = []
        for row in mtbench(shared_data)[5::25]:
            one, other = (candidate["text"][:900] for candidate in row["candidates"][:2])  # type: ignore[index]
            text = one[:300] + other[300:600] + one[600:]
            least = MINIMUM_CJK_COPY if row["lang"] in ("ja", "zh") else MINIMUM_COPY
            for copied, source in zip(copied_text(text, candidates(one, other)), (one, other), strict=True):
                pair = "".join(text.split()), "".join(source.split())
                blocks = difflib.SequenceMatcher(None, *pair, autojunk=False).get_matching_blocks()
                expected = sum(block.size for block in blocks if block.size >= least) / len(pair[0])
                differences.append(abs(copied.share - expected))
        assert median(differences) < 0.03
        assert mean(differences) < 0.08


class TestLedger:
    @pytest.mark.parametrize("script", MOON)
    def test_each_sentence_names_its_sources_in_any_script(self, script: str) -> None:
        moon, aside, space = MOON[script], ASIDES[script], SPACE[script]
        text = space.join([moon[0], moon[1], aside[4]])
        assert support(text, space.join(moon[:1]), space.join(moon[:3]), space.join(aside[:3])) == [
            [(1, "copied"), (2, "copied")],
            [(2, "copied")],
            [],
        ]

    @pytest.mark.parametrize("script", MOON)
    def test_a_dropped_majority_sentence_is_quoted_once_in_any_script(self, script: str) -> None:
        moon, space = MOON[script], SPACE[script]
        pool = [space.join(moon), space.join(moon[1:]), space.join(reversed(moon)), space.join(ASIDES[script])]
        assert dropped(space.join(moon[:4]), *pool) == [(moon[4], (1, 2, 3))]

    def test_passages_are_quoted_from_their_candidates(self) -> None:
        source = "First, hello. **All of them add up to 5050!** Bye."
        ((line,), (one,)) = (
            (found := ledger("All of them add up to 5050.", candidates(source))).lines,
            candidates(source),
        )
        assert found.dropped == ()
        assert quoted(one.completion.text, line.support[0].span) == "**All of them add up to 5050!**"
        assert line.support[0].similarity == 1

    def test_other_words_for_the_same_are_reworded_support(self) -> None:
        (line,) = ledger(
            "The tides in our oceans are raised by the pull of the Moon.",
            candidates("The pull of the Moon raises the tides in our oceans."),
        ).lines
        assert [one.kind for one in line.support] == ["reworded"]
        assert 0.5 < line.support[0].similarity < 0.95

    @pytest.mark.parametrize(
        ("text", "other"),
        [
            ("The multiples of three add up to 1683.", "The multiples of three add up to 1734."),
            ("The mushroom is safe to eat raw.", "The mushroom is not safe to eat raw."),
            ("The treaty of that year was signed in Paris.", "The treaty of that year was signed in London."),
            ("この茸は生で食べられます。", "この茸は生で食べられません。"),
            ("这种蘑菇可以生吃三个。", "这种蘑菇可以生吃四个。"),
        ],
    )
    def test_a_different_number_negation_or_name_is_no_support(self, text: str, other: str) -> None:
        assert support(text, other) == [[]]

    def test_a_final_answer_is_backed_only_by_those_who_give_it(self) -> None:
        pool = answering("The final answer is: B", "The final answer is: C", "The final answer is: B")
        (line,) = ledger("The final answer is: B", pool).lines
        assert [one.position for one in line.support] == [1, 3]

    def test_a_text_that_contradicts_the_majority_is_told_what_it_dropped(self) -> None:
        assert dropped("The first three primes add up to 12.", SHARED, SHARED, SHARED) == [(SHARED.strip(), (1, 2, 3))]

    def test_a_sentence_of_half_the_candidates_was_not_dropped(self) -> None:
        assert dropped("Hello there, my friend.", SHARED, SHARED, "Cats purr.", "Dogs bark.") == []
        assert dropped("Hello there, my friend.", SHARED) == []

    def test_a_paraphrase_is_not_reported_as_dropped(self) -> None:
        text = "Ten is what the first three primes add up to when summed."
        assert dropped(text, SHARED, SHARED, SHARED) == []

    def test_what_most_say_twice_was_dropped_once(self) -> None:
        assert dropped("Hello there, my friend.", SHARED * 2, SHARED * 2) == [(SHARED.strip(), (1, 2))]

    def test_headings_code_and_interjections_are_no_statements_to_drop(self) -> None:
        text = "# How it is computed here\n\nOf course, sure.\n\n```\nprint(1 + 2 + 3)\n```\n"
        assert dropped("Hello there, my friend.", text, text) == []

    def test_a_text_too_long_to_compare_is_not_said_to_lack_anything(self) -> None:
        text = "\n".join(f"- reason {number}" for number in range(1_500))
        assert dropped(text, SHARED, SHARED) == []
        assert dropped(text[:1_000], SHARED, SHARED) == [(SHARED.strip(), (1, 2))]

    def test_a_new_heading_a_rule_and_blank_lines_get_no_line(self) -> None:
        text = "# Overview\n\n---\n\nThe sky is blue today.\n\n***\n"
        lines = ledger(text, candidates("The sky is blue today.")).lines
        assert [quoted(text, line.span) for line in lines] == ["The sky is blue today."]
        assert support("# Overview\n\nThe sky is blue.", "# Overview\n\nIt rains.")[0] == [(1, "copied")]

    def test_code_and_maths_are_matched_as_blocks(self) -> None:
        code, maths = "```py\nprint(1 + 1)\n```\n", "$$x = 2$$\n"
        assert support(code + maths, code, maths) == [[(1, "copied")], [(2, "copied")]]

    def test_nothing_comes_of_nothing(self) -> None:
        assert ledger("", candidates("text")) == Ledger()
        assert ledger("One sentence.", ()).lines[0].is_new
        assert support("One sentence.", "", " \n") == [[]]

    @given(TEXTS, st.lists(TEXTS, max_size=3))
    def test_a_candidates_own_text_has_no_new_sentence(self, text: str, others: list[str]) -> None:
        found = ledger(text, candidates(text, *others))
        assert all((line.support[0].position, line.support[0].kind) == (1, "copied") for line in found.lines)
        assert found == ledger(text, candidates(text, *others))

    @given(TEXTS, st.lists(TEXTS, max_size=4))
    def test_spans_lie_inside_their_texts_and_likeness_is_a_share(self, text: str, texts: list[str]) -> None:
        pool = candidates(*texts)
        found = ledger(text, pool)
        assert all(0 <= line.span.start < line.span.end <= len(text) for line in found.lines)
        for line in found.lines:
            for one in line.support:
                assert 0 < one.similarity <= 1
                assert quoted(pool[one.position - 1].completion.text, one.span).strip()
        speaking = sum(bool(passages(text)) for text in texts)
        assert all(2 <= len(one.positions) > speaking / 2 for one in found.dropped)


@pytest.mark.parametrize(
    "text",
    ["a" * 200_000, "a. " * 60_000, " ".join(f"Line {n} says {n * 7}." for n in range(4_000)), "# h\n" * 20_000],
    ids=["letters", "points", "distinct", "headings"],
)
def test_hostile_texts_take_bounded_time(text: str) -> None:
    began = process_time()
    pool = candidates(text, text[: len(text) // 2], text + " x", "short")
    assert copied_text(text, pool)[0].share == 1
    assert ledger(text, pool).lines
    assert process_time() - began < 30
