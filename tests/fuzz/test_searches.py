"""What people look for, and where a text says it."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.inspection.finding import FilterError, sought_of
from fusion_ui.inspection.words import SearchError, folded, holds, spans_of, terms_of, words_of
from tests.fuzz.spoiling import refused, spoilt

QUERIES = (
    "train speed*",
    'prompt:"exact place" note:gold',
    "answer:42 ½ İstanbul",
    "北京 大学*",
    '"unclosed',
    "don't-stop",
)
TEXTS = ("The train's speed is 40 km/h (½ of 80).", "北京大学在海淀区。", "İSTANBUL, ﬁne print; e\u0301tude", "")
ADDRESS = ("fusion", "0.5..2", "..", "2026-01-31..2026-02-28", "newest", "true", "1e999..", "-0..0", "2026-02-30")
NAMES = ("q", "sort", "run", "pattern", "day", "cost", "draws", "origin", "state", "flaw", "rating", "x")


@given(spoilt(QUERIES, most=400), spoilt(TEXTS, most=600))
def test_a_term_is_found_only_inside_the_text(query: str, text: str) -> None:
    for term in () if refused(lambda: terms_of(query), SearchError) else terms_of(query):
        spans = list(spans_of(text, term))
        assert all(0 <= start < end <= len(text) for start, end in spans)
        if text.isascii() and term.phrase and holds(text, term.phrase):
            assert spans
        assert [folded(word) for word in term.words] == list(term.words)


@given(spoilt(TEXTS, most=600))
def test_every_word_of_a_text_is_found_in_it(text: str) -> None:
    for word in words_of(text)[:20]:
        for term in terms_of(word):
            assert not term.phrase or holds(text, term.phrase)


@given(st.lists(st.tuples(st.sampled_from(NAMES), spoilt([*ADDRESS, *QUERIES], most=300)), max_size=4))
def test_an_address_is_read_the_same_twice_or_refused(pairs: list[tuple[str, str]]) -> None:
    with suppress(FilterError, SearchError):
        assert sought_of(pairs) == sought_of(iter(pairs))
