"""Which answer a text votes with, in the languages and forms that people and models use, and when it casts no vote."""

import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.engine.answers import answer_key, extract, group_key, matches_reference

FRAGMENTS = (
    "Answer: |The answer is |\\boxed{|}|{|\\frac|\\frac12|\\sqrt|1|2|3.5|,|, |(|)|[|]|\\{|\\}|$|**| |\n|x|y|=|+|-|^|_|"
    "π|√|%|½|²| cm| dollars| or | million|B|b)|(A)|答案是|。|Ответ: |الجواب: |٣|é|e\u0301|İ|ß|\u200b|\x0c|\t|\ud800|°|"
    '\\text{|<think>|</think>|"answer": "|"|\'|:|/|1,234|12:30|e|×10|sorry|#|`|<|>|~|\\|\\\\|!|?|가|ア|ǅ|ﬃ|ς|﷽|①|℃|'
    "…|1e5|US$|Rs. |st|5m|A: |####"
).split("|")
texts = st.text() | st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join)


def found(text: str) -> str | None:
    extracted = extract(text)
    return extracted.answer if extracted else None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (r"So \(x = \boxed{\frac{1}{2}}\).", "0.5"),
        (r"First \boxed{3}, but really \boxed{4}.", "4"),
        (r"\boxed{\text{(B)}}", "B"),
        (r"\boxed{\boxed{7}}", "7"),
        ("thus\x08oxed{9}", "9"),
        (r'{"reasoning": "so \\boxed{4}"}', "4"),
        ("<answer>\n12\n</answer>", "12"),
        ("He pays 9 + 9 = <<9+9=18>>18.\nA: 18", "18"),
        ("He pays 9 + 9.\n#### 1,234\n", "1234"),
    ],
)
def test_a_box_a_tag_or_a_last_line_declares_the_answer(text: str, answer: str) -> None:
    assert found(text) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ('{"reasoning": "x", "answer": "\\\\frac{1}{2}"}', "0.5"),
        ('```json\n{"answer": "\\frac12"}\n```\nHope it helps!', "0.5"),
        ('{"answer": "\x0crac{1}{2}"}', "0.5"),
        ('{"answer": "5 \times 2"}', "5×2"),
        ('{"answer": 18, "why": "because 20 is wrong"}', "18"),
        ("{'final_answer': 'B'}", "B"),
        ('{"answer": "18" ', "18"),
        ('{"answer": "18', None),
        ('{\n"answer": "18",\n"reasoning": "unfinished', "18"),
        ('{"answer": ["A", "C"]}', "A, C"),
        ('{"answer": "25\\u00b0"}', "25"),
        ('{"answer": "He said "no""}', 'he said "no'),
        ('{"réponse": "Paris"}', "paris"),
        ('{"reasoning": "the answer is 5", "answer": "___"}', None),
        ('{"reasoning": "the answer is 5", "answer": null}', None),
        ('{"reasoning": "the answer is 5", "answer": str(count)}', None),
        ('{"answer": "The value cannot be given without solving all of the equations first."}', None),
    ],
)
def test_a_json_field_is_read_even_from_broken_json(text: str, answer: str | None) -> None:
    assert found(text) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Answer: 18", "18"),
        ("**Final answer:** 18 dollars per day.", "18"),
        ("### Final Answer\n\n42", "42"),
        ("**Answer**\n\n**B**", "B"),
        ("Answer:\n$$\nx^2 + 1\n$$", "x^2+1"),
        ("so the final answer is\n\n\\[ \\frac{3}{4} \\]\n", "0.75"),
        ("The answer is $\\frac{3}{4}$ of the cake.", "0.75"),
        ("> **Answer:** $1,234.50$", "1234.5"),
        ("✅ <b>Answer:</b> 5", "5"),
        ("The answer to 2+2 is 4.", "4"),
        ("Answer (in dollars): 18", "18"),
        ("Answer: 18 (since 9*2=18)", "18"),
        ("The answer is 5, which is prime.", "5"),
        ("The answer is therefore **18**.", "18"),
        ("The answer is, after rounding, **18** apples.", "18"),
        ("Answer: x = 3 or x = -2", "x = 3, x = -2"),
        ("The answer is 3.14. Then we stop.", "3.14"),
        ("1. Answer: 5", "5"),
        ("The answer is 5!", "5"),
        ("The answer is $5!$", "5!"),
        ("Answer: $2 + 3 = 5$", "5"),
        ("Answer: Total cost = $18", "18"),
        ('step one\\n\\nAnswer: 163"\n}\n```', "163"),
    ],
)
def test_a_line_or_a_sentence_states_the_answer(text: str, answer: str) -> None:
    assert found(text) == answer


@pytest.mark.parametrize(
    "text",
    [
        "Answer: (B)", "Answer: B", "Answer: **B. Paris**", "Answer: B) Paris", "The correct option is **B**",
        "The correct answer is (B), because A is too small.", "Option B is correct.", "(B) is the correct answer.",
        "B) Paris", "(b)", "Answer (B)", "The answer is B: Paris.", "Die richtige Antwort lautet: B", "正解はBです。",
        "La bonne réponse est la B.", "A resposta correta é a letra B", "Правильный ответ — B.", "सही उत्तर B है।",
        "Doğru cevap B'dir.", "Cevap: B şıkkı", "정답은 B입니다.", "正确答案是B。", "الإجابة الصحيحة هي (B)",
    ],
)  # fmt: skip
def test_a_choice_is_one_capital_letter(text: str) -> None:
    assert found(text) == "B"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Antwort: 3,5", "3.5"),
        ("Antwort: 1.234 Euro", "1234"),
        ("Es sind 0.5 + 0.734.\nAntwort: 1.234", "1.234"),
        ("Endergebnis: 1.234,5 €", "1234.5"),
        ("Die Antwort ist 42.", "42"),
        ("Réponse finale : **Paris**", "paris"),
        ("Re\u0301ponse : 3,5", "3.5"),
        ("La réponse est 18 euros.", "18"),
        ("La respuesta es 18 dólares.", "18"),
        ("A resposta é 18.", "18"),
        ("La risposta è 18.", "18"),
        ("したがって、答えは 18 個です。", "18"),
        ("答え：１８", "18"),
        ("最終的な答え：**東京**", "東京"),
        ("所以答案是18。", "18"),
        ("答：18元", "18"),
        ("الإجابة النهائية: ٣٫٥", "3.5"),
        ("الجواب هو ١٨.", "18"),
        ("الإجابة الصحيحة هي (ب)", "ب"),
        ("پاسخ: ۱۸", "18"),
        ("جواب ۱۸ است.", "18"),
        ("جواب: ۱۸ روپے", "18"),
        ("Ответ — 18 рублей.", "18"),
        ("Ответ: 3,5", "3.5"),
        ("अंतिम उत्तर: **१८ रुपये**", "18"),
        ("उत्तर 18 है।", "18"),
        ("따라서 답은 18입니다.", "18"),
        ("Cevap 18'dir.", "18"),
        ("Sonuç olarak cevap: Ankara", "ankara"),
    ],
)
def test_each_language_has_its_own_words_for_the_answer(text: str, answer: str) -> None:
    assert found(text) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Answer: Paris", "paris"),
        ("Answer: Paris. It is the capital of France.", "paris"),
        ("The answer is “The Eiffel Tower”, as everyone knows.", "the eiffel tower"),
        ("The answer is yes.", "yes"),
        ("Answer: No, because the moon is made of rock.", "no"),
        ("Answer: J. K. Rowling", "j. k. rowling"),
        ("答案是北京。", "北京"),
        ("positive\n", "positive"),
        ("Nike</s>", "nike"),
    ],
)
def test_a_short_name_or_word_is_an_answer(text: str, answer: str) -> None:
    assert found(text) == answer


@pytest.mark.parametrize(
    "text",
    [
        "", " \n ", "Photosynthesis turns light into sugar. It happens in leaves.", "I cannot help with that.",
        "Answer: I'm sorry, but I can't help.", "The answer is simple. We look at history first.",
        "The answer is not 5.", "If the answer is 5, then the sum is odd.", "The answer is **very** complicated",
        "Answer: Great question! So.", "She boxed {5} eggs. Then she left.",
        "Here is my final answer\n42 it is, or so it seems.",
        "Please answer: is it 5?", "We had to answer 3 questions.", "Answer: N/A",
        "Answer: It depends on the weather, the season and the place you are in, above all.", "Answer:",
        "Answer:\n\nPhotosynthesis is the process by which plants turn light energy into sugar.",
        "## Answer\n\n1. First, we look at the weather.\n2. Then we decide.", "Answer: [your answer here]",
        r"so \boxed{\frac{1}{2}", r"Put it in \boxed{}.", "Options:\nA: 10\nB: 12", "#### Step one",
        "より正確な回答が可能です。", "Soll ich genauer antworten?",
        "答案：需要根据具体情况、时间、地点和人物来综合分析。", "Let me know if you need a better answer!",
        "The answer, as so often in the history of ideas, is long.",
    ],
)  # fmt: skip
def test_an_explanation_a_refusal_or_a_placeholder_casts_no_vote(text: str) -> None:
    assert extract(text) is None


def test_the_last_statement_wins() -> None:
    assert found("Answer: 5\nWait, that is wrong.\nAnswer: 6\nThe answer explains itself.") == "6"


def test_a_refusal_after_an_answer_takes_it_back() -> None:
    assert found("The answer is 5. Hmm.\nFinal answer: I cannot tell.") is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("<think>The answer is 5.</think>The answer is 6.", "6"),
        ("The answer is 6. <think>Answer: 5</think>", "6"),
        ("I was thinking: Answer: 5</think>\nAnswer: 6", "6"),
        ("<think>\nAnswer: 5\n", None),
        ("Use <think> tags.\nAnswer: 5", "5"),
        ("<think>Answer: 4</think> Answer: 5 </think>", "5"),
    ],
)
def test_thinking_never_counts(text: str, answer: str | None) -> None:
    assert found(text) == answer


@pytest.mark.parametrize("text", ["So **Answer:** $18$.", "<think>18</think> Answer: 18", "答え：１８個です。"])
def test_the_span_shows_the_characters_that_were_read(text: str) -> None:
    extracted = extract(text)
    assert extracted is not None
    assert answer_key(text[extracted.start : extracted.end]) == extracted.answer == "18"


@given(texts)
def test_any_text_gives_a_stable_key_inside_the_text_or_none(text: str) -> None:
    extracted = extract(text)
    if extracted is not None:
        assert 0 <= extracted.start < extracted.end <= len(text)
        assert answer_key(extracted.answer) == extracted.answer
        assert extracted.answer.encode()


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "9",
        "(",
        "{",
        "\\boxed{",
        "Answer: ",
        "Answer:\n",
        "answer is ",
        "<think>",
        "</think>",
        "<answer>",
        "$",
        " ",
        "\n",
        "答",
        "答案是",
        "A: x\n",
        "#### 1\n",
        "Option A is correct ",
        '"answer": "',
        "Answer (",
        "\ud800",
        "\0",
        "İ",
        "Réponse : ",
    ],
)
def test_any_text_is_read_in_linear_time(piece: str) -> None:
    started = time.process_time()
    extract(piece * (100_000 // len(piece)))
    assert time.process_time() - started < 10


class Says:
    """A checker with a fixed opinion that counts how often it is asked."""

    def __init__(self, verdict: bool | None) -> None:
        self.verdict = verdict
        self.asked: list[tuple[str, str]] = []

    async def equivalent(self, first: str, second: str) -> bool | None:
        self.asked.append((first, second))
        return self.verdict


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("answer", "known", "key"),
    [
        ("0.5", ["2", "0.5"], "0.5"),
        ("2/4", ["B", "0.5"], "0.5"),
        ("x = 5", ["5"], "5"),
        ("50%", ["50", "0.5"], "50"),
        ("7", ["5", "6"], "7"),
        ("7", [], "7"),
    ],
)
async def test_an_answer_joins_the_first_group_that_says_the_same(answer: str, known: Sequence[str], key: str) -> None:
    assert await group_key(answer, known, None) == key


@pytest.mark.anyio
async def test_the_checker_is_asked_only_about_doubtful_pairs() -> None:
    checker = Says(True)
    assert await group_key("x<3", ["5", "B", "x>3"], checker) == "x>3"
    assert checker.asked == [("x>3", "x<3")]


@pytest.mark.anyio
async def test_what_nobody_can_tell_is_not_the_same() -> None:
    assert await group_key("x<3", ["x>3"], None) == "x<3"
    assert await group_key("x<3", ["x>3"], Says(None)) == "x<3"


@pytest.mark.anyio
async def test_an_answer_nobody_can_tell_about_is_not_asked_about_for_ever() -> None:
    checker = Says(None)
    await group_key("x<3", [f"x>{bound}" for bound in range(20)], checker)
    assert len(checker.asked) == 2


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("answer", "reference", "is_right"),
    [
        ("18", "18", True),
        ("18", "He has 9 * 2 = <<9*2=18>>18.\nA: 18", True),
        ("18", "#### 18", True),
        ("0.75", r"\frac{3}{4}", True),
        ("0.75", r"\boxed{\dfrac{3}{4}}", True),
        ("B", "(b)", True),
        ("paris", "Paris", True),
        ("17", "18", False),
        (None, "18", False),
        ("18", "", False),
        ("18", "An essay on why the number of apples is not something that can be given.", False),
    ],
)
async def test_an_answer_is_held_against_the_reference_in_any_writing(
    answer: str | None, reference: str, is_right: bool
) -> None:
    assert await matches_reference(answer, reference, None) is is_right
