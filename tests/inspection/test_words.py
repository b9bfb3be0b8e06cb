"""Words: what is typed is found as it was written, in any script, and nonsense is refused in plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.inspection.words import MOST_CHARACTERS, SearchError, Term, folded, holds, spans_of, terms_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Café, naïve!", ["the", "cafe", "naive"]),
        ("Ｆｕｌｌ　ｗｉｄｔｈ ﬁnd", ["full", "width", "find"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        (r"\frac{1}{2} = 0.5", ["frac", "1", "2", "0", "5"]),
        ("東京都", ["東京", "京都", "都"]),
        ("ภาษา", ["ภา", "าษ", "ษา", "า"]),
        ("مُحَمَّد كتـاب", ["محمد", "كتاب"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("iPhone用", ["iphone", "用"]),
        ("snake_case 🙂 ½", ["snake", "case", "1", "2"]),
        ("", []),
        ("—!?…", []),
    ],
)
def test_a_text_is_cut_into_folded_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_word_without_end_is_found_by_its_beginning() -> None:
    assert words_of("a" * 1000) == ["a" * 40]
    assert terms_of("a" * 999)[0].words == ("a" * 40,)


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once_and_words_hold_nothing_else(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert all(word and not set(word) & set(' "*:()') for word in words_of(text))


@given(st.text(min_size=1, max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_a_text_holds_the_phrase_it_is_made_of(said: str, before: str, after: str) -> None:
    terms = (
        [term for term in terms_of(f'"{said.translate(str.maketrans("", "", QUOTES))}"') if term.phrase]
        if _says(said)
        else []
    )
    for term in terms:
        text = f"{before} {said} {after}"
        assert holds(text, term.phrase)
        indexed = set(words_of(text))
        assert all(word in indexed or any(each.startswith(word) for each in indexed) for word in term.words)


QUOTES = '"“”„'


def _says(text: str) -> bool:
    return bool(words_of(text.translate(str.maketrans("", "", QUOTES))))


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("river", [Term(("river",))]),
        ("prompt:River", [Term(("river",), "prompt")]),
        ('"the river is"', [Term(("the", "river", "is"), None, " the river is ")]),
        ("“smart quotes”", [Term(("smart", "quotes"), None, " smart quotes ")]),
        ("riv*", [Term(("riv",), is_begun=True)]),
        ("a*", [Term(("a",))]),
        ("don't", [Term(("don", "t"), None, " don t ")]),
        ("note:3.14", [Term(("3", "14"), "note", " 3 14 ")]),
        ("東", [Term(("東",), is_begun=True)]),
        ("東京", [Term(("東京",))]),
        ("東京都", [Term(("東京", "京都"), None, "東京都")]),
        ('"中 文"', [Term(("中",), None, "中 文", is_begun=True)]),
        ('"open to the end', [Term(("open", "to", "the", "end"), None, " open to the end ")]),
        ("a OR b NOT (c)", [Term(("a",)), Term(("or",)), Term(("b",)), Term(("not",)), Term(("c",))]),
        ("x\0y", [Term(("x", "y"), None, " x y ")]),
        ("   ", []),
    ],
)
def test_a_query_is_read_as_terms(query: str, terms: list[Term]) -> None:
    assert list(terms_of(query)) == terms


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("x" * 10_000, f"10000 characters; at most {MOST_CHARACTERS}"),
        ('"*:()"', "no word to search for"),
        ("— … 🙂", "no word to search for"),
        (" ".join(map(str, range(70))), "more than 60 words"),
    ],
)
def test_what_cannot_be_searched_is_refused(query: str, words: str) -> None:
    with pytest.raises(SearchError, match=words):
        terms_of(query)


@pytest.mark.parametrize(
    ("text", "query", "holding"),
    [
        ("It is the River.", '"the river"', True),
        ("It is the\nriver", '"the river"', True),
        ("Breathe rivers", '"the river"', False),
        ("Breathe riverside", '"the river"', False),
        ("the café river", '"the cafe river"', True),
        ("私は東京都民です", "東京都", True),
        ("東京と京都", "東京都", False),
        ("plain text", "東京都", False),
    ],
)
def test_a_phrase_is_words_in_a_row(text: str, query: str, holding: bool) -> None:
    assert holds(text, terms_of(query)[0].phrase) is holding


@pytest.mark.parametrize(
    ("text", "query", "said"),
    [
        ("A River, a river.", "river", ["River", "river"]),
        ("rivers river", "riv*", ["riv", "riv"]),
        ("Le Café noir", "cafe", ["Café"]),
        ("Le Café noir", "東京", []),
        ("½東京", "東京", ["東京"]),
        ("私は東京都民です", "東京都", ["東京都"]),
        ("It is the  river now", '"the river"', ["the  river"]),
        ("كِتَابٌ جديد", "كتاب", ["كِتَابٌ"]),
    ],
)
def test_hits_are_where_the_text_says_them(text: str, query: str, said: list[str]) -> None:
    spans = spans_of(text, terms_of(query)[0])
    assert [text[start:end] for start, end in spans] == said
