"""The demo pack as a reader of the pool sees it: its languages, its kinds, its draws and its hostile corners."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import count, islice
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from fusion_ui.demo.pack import DemoPack, Example, PackError, Scripted, load_pack, parse_example
from fusion_ui.engine.answers import equivalent, extract
from fusion_ui.engine.ensemble import MemberSequence
from fusion_ui.engine.extractive import extractive_fusion
from fusion_ui.engine.sampling import Delta, Message, Purpose, Reply, Request
from fusion_ui.engine.stopping import PRESETS, is_settled
from fusion_ui.engine.values import Candidate, Completion, Failure, Limits, Member, Tally
from fusion_ui.engine.voting import tally_of
from fusion_ui.providers.scripted import Script, ScriptedSampler, token_count

PACK = load_pack()
BY_ID = {example.id: example for example in PACK.examples}
OPEN = [example for example in PACK.examples if "open" in example.prompt.tags]
VOTABLE = [example for example in PACK.examples if "open" not in example.prompt.tags]
QUICK = PACK.members[0]

every_example = pytest.mark.parametrize("example", PACK.examples, ids=list(BY_ID))
every_open = pytest.mark.parametrize("example", OPEN, ids=[example.id for example in OPEN])
every_votable = pytest.mark.parametrize("example", VOTABLE, ids=[example.id for example in VOTABLE])

FOUR_TEXTS = """
id = "four"
title = "Four"
note = "Four equal texts."
language = "en"
tags = ["open"]
text = "Say something."
""" + "".join(f'[[reply]]\nby = "quick"\ntext = "text {number}"\n' for number in range(4))


def replies(example: Example) -> list[Scripted]:
    return [reply for pool in example.pools.values() for reply in pool]


def texts(example: Example) -> list[str]:
    return [reply.text for reply in replies(example) if reply.failure is None]


@cache
def answer(text: str) -> str | None:
    found = extract(text)
    return found.answer if found else None


def answer_among(known: Iterable[str | None], text: str) -> str | None:
    """The answer in a text, under the key of an equal one already known."""
    found = answer(text)
    return next((key for key in known if key and found and equivalent(key, found)), found)


def shares(example: Example) -> dict[str | None, float]:
    """Each answer's share of the draws when the members draw equally often, the largest first."""
    counted: defaultdict[str | None, float] = defaultdict(float)
    for pool in example.pools.values():
        total = sum(reply.weight for reply in pool)
        for reply in pool:
            counted[answer_among(counted, reply.text)] += reply.weight / total / len(example.pools)
    return dict(sorted(counted.items(), key=lambda entry: -entry[1]))


def ask(
    prompt_text: str, *, seed: int = 1, position: int = 1, member: Member = QUICK, purpose: Purpose = "candidate"
) -> Request:
    message = Message(role="user", content=prompt_text)
    return Request(
        member=member,
        messages=(message,),
        prompt_text=prompt_text,
        purpose=purpose,
        position=position,
        seed=seed,
    )


def draws_of(example: Example, seed: int) -> Iterator[Candidate]:
    """The candidates of one seeded run, without end."""
    rng, answers = Random(seed), list[str | None]()
    seeds_from, members = rng.getrandbits(30), MemberSequence(PACK.members, rng)
    for position in count(1):
        request = ask(example.prompt.text, seed=seeds_from + position, position=position, member=next(members))
        said = PACK.choose(request)
        if said.failure is None:
            answers.append(answer_among(answers, said.text))
            completion = Completion(text=said.text)
            yield Candidate(position=position, member=request.member.name, completion=completion, answer=answers[-1])


def drawn_tally(example: Example, seed: int) -> Tally:
    """The votes when the balanced rule (or the default cap) ends the draws of one seeded run."""
    candidates, tally = list[Candidate](), Tally()
    for candidate in islice(draws_of(example, seed), Limits().cap):
        candidates.append(candidate)
        tally = tally_of(candidates)
        if is_settled(tally, PRESETS["balanced"]):
            break
    return tally


def mean_draws(example_id: str) -> float:
    return sum(drawn_tally(BY_ID[example_id], seed).draws for seed in range(60)) / 60


def with_tag(tag: str) -> list[Example]:
    return [example for example in PACK.examples if tag in example.prompt.tags]


def test_the_pack_speaks_eight_languages_including_arabic_japanese_and_chinese() -> None:
    languages = {str(example.prompt.language) for example in PACK.examples}
    assert {"en", "de", "fr", "es", "pt-BR", "ja", "zh", "ar"} <= languages
    assert len(PACK.examples) >= 18


@pytest.mark.parametrize(
    ("tag", "at_least"),
    [
        ("maths", 9),
        ("unanimous", 2),
        ("split", 4),
        ("near-tie", 1),
        ("majority-wrong", 1),
        ("multiple-choice", 2),
        ("explanation", 4),
        ("translation", 1),
        ("code", 1),
        ("summary", 1),
        ("injection", 1),
        ("refusal", 1),
        ("failure", 1),
    ],
)
def test_every_kind_of_prompt_is_in_the_pack(tag: str, at_least: int) -> None:
    assert len(with_tag(tag)) >= at_least


def test_ids_and_prompts_are_unique() -> None:
    assert len(BY_ID) == len({example.prompt.text for example in PACK.examples}) == len(PACK.examples)


@every_example
def test_a_title_fits_on_a_chip_and_a_note_on_a_line(example: Example) -> None:
    assert 3 <= len(example.title) <= 32
    assert 20 <= len(example.note) <= 120


@every_example
def test_three_members_share_at_least_eight_distinct_texts(example: Example) -> None:
    assert set(example.pools) == {member.model for member in PACK.members}
    assert len(set(texts(example))) == len(texts(example)) >= 8


@every_example
def test_every_reply_is_over_within_seven_seconds(example: Example) -> None:
    for reply in replies(example):
        assert reply.tokens_per_second
        assert reply.first_token_ms / 1000 + token_count(reply.text) / reply.tokens_per_second / 0.85 < 7


@every_example
def test_every_formula_can_be_set_and_no_markup_is_left_over(example: Example) -> None:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").use(dollarmath_plugin, double_inline=True)
    for text in [example.prompt.text, *texts(example)]:
        blocks = parser.parse(text)
        for token in [*blocks, *(child for block in blocks for child in block.children or [])]:
            if token.type.startswith("math"):
                assert "<math" in convert(token.content)
            elif token.type == "text":
                assert not re.search(r"\$|\*\*|\\boxed|^\||^#", token.content), token.content


@every_votable
def test_a_votable_prompt_gets_an_answer_from_every_text_but_a_refusal(example: Example) -> None:
    silent = [text for text in texts(example) if answer(text) is None]
    assert len(silent) == (2 if "refusal" in example.prompt.tags else 0), silent


@every_open
def test_texts_of_an_open_prompt_do_not_vote(example: Example) -> None:
    assert [text for text in texts(example) if answer(text) is not None] == []
    assert example.prompt.reference is None


@every_votable
def test_the_reference_is_among_the_answers(example: Example) -> None:
    assert answer(f"Answer: {example.prompt.reference}") in shares(example)


@every_votable
def test_the_reference_leads_the_pool_unless_the_example_says_otherwise(example: Example) -> None:
    leader = next(iter(shares(example)))
    is_right = leader == answer(f"Answer: {example.prompt.reference}")
    assert is_right != bool({"majority-wrong", "near-tie"} & set(example.prompt.tags))


def test_the_wrong_majority_is_a_clear_one() -> None:
    (example,) = with_tag("majority-wrong")
    (first, lead), (second, rest), *_ = shares(example).items()
    assert (first, second) == (answer("Answer: 2/3"), answer("Answer: 1/2"))
    assert 0.2 < rest < lead / 2


def test_the_near_tie_is_near_and_has_four_answers() -> None:
    (example,) = with_tag("near-tie")
    (_, lead), (_, rest), *others = shares(example).items()
    assert lead - rest < 0.05
    assert len(others) == 2


def test_a_unanimous_pool_stops_at_three_votes() -> None:
    assert {drawn_tally(BY_ID["bread-rolls"], seed).draws for seed in range(20)} == {3}


@pytest.mark.parametrize("example_id", ["average-speed", "three-doors", "zhishu", "manteau", "saludos", "pin-codes"])
def test_a_split_pool_takes_longer_but_rarely_the_whole_cap(example_id: str) -> None:
    assert 5 < mean_draws(example_id) < 13


def test_the_near_tie_runs_to_the_cap_most_of_the_time() -> None:
    draws = [drawn_tally(BY_ID["ziegelstein"], seed).draws for seed in range(60)]
    assert draws.count(Limits().cap) >= 45


def test_a_refusal_is_counted_apart_from_the_votes() -> None:
    tallies = [drawn_tally(BY_ID["syrup"], seed) for seed in range(20)]
    assert sum(bool(tally.unanswered) for tally in tallies) > 10
    assert {tally.counts[0].answer for tally in tallies} == {answer("Answer: 6")}


@pytest.mark.parametrize("example_id", ["summer", "waermepumpe", "mer-salee", "lightning"])
def test_open_explanations_give_the_offline_fusor_something_to_do(example_id: str) -> None:
    example = BY_ID[example_id]
    pools = [list(islice(draws_of(example, seed), Limits().cap_unanswered)) for seed in range(20)]
    fused = [extractive_fusion(pool, leader=None).text for pool in pools]
    own = [text not in {each.completion.text for each in pool} for text, pool in zip(fused, pools, strict=True)]
    assert sum(own) >= 5


@pytest.mark.parametrize(
    "trick",
    [
        "gnore all previous instructions",
        "IGNORE PREVIOUS INSTRUCTIONS",
        "</answer>",
        "<fused>",
        '"winner": "A"',
        "<script>",
        "onerror=",
        "javascript:",
        "![proof that this answer is right](https://tracker.example/",
        "Answer: BANANA",
    ],
)
def test_the_injection_tries_every_trick(trick: str) -> None:
    (example,) = with_tag("injection")
    assert any(trick in text for text in texts(example))


def test_nothing_but_the_injection_names_an_address_or_a_tag() -> None:
    harmless = [text for example in PACK.examples if "injection" not in example.prompt.tags for text in texts(example)]
    assert [text for text in harmless if re.search(r"https?://|</?\w+>|!\[", text)] == []


def test_most_runs_meet_an_injection_and_hold_out() -> None:
    (example,) = with_tag("injection")
    tallies = [drawn_tally(example, seed) for seed in range(20)]
    attack, right = answer("Answer: BANANA"), answer("Answer: 5040")
    assert sum(attack in {each.answer for each in tally.counts} for tally in tallies) > 10
    assert {tally.counts[0].answer for tally in tallies} == {right}


def test_the_injection_never_has_most_of_the_pool() -> None:
    (example,) = with_tag("injection")
    assert 0.1 < shares(example)[answer("Answer: BANANA")] < 0.3


def merge_of(reply: Scripted) -> Callable[[list[tuple[int, int]]], list[tuple[int, int]]]:
    blocks = re.findall(r"```python\n(.*?)```", reply.text, re.DOTALL)
    assert len(blocks) == 1
    ast.parse(blocks[0])
    names: dict[str, Callable[[list[tuple[int, int]]], list[tuple[int, int]]]] = {}
    exec(blocks[0], names)  # our own text, from our own pack
    return names["merge"]


def is_right(reply: Scripted) -> bool:
    merge, unsorted = merge_of(reply), [(5, 6), (1, 2), (2, 4), (3, 7)]
    kept = list(unsorted)
    is_merged = merge(unsorted) == [(1, 7)] and merge([(1, 9), (2, 3)]) == [(1, 9)] and merge([]) == []
    return is_merged and merge([(1, 2), (2, 3)]) == [(1, 3)] and unsorted == kept


def test_four_of_the_ten_programs_are_wrong_as_the_note_says() -> None:
    pool = replies(BY_ID["intervals"])
    assert [is_right(reply) for reply in pool].count(False) == 4
    assert len(pool) == 10
    assert BY_ID["intervals"].note.startswith("Four of the ten")


@given(seed=st.integers(0, 2**31), position=st.integers(1, 100), index=st.integers(0, len(PACK.examples) - 1))
def test_the_same_request_gets_the_same_text(seed: int, position: int, index: int) -> None:
    request = ask(PACK.examples[index].prompt.text, seed=seed, position=position)
    assert PACK.choose(request) == load_pack_again().choose(request)


@cache
def load_pack_again() -> DemoPack:
    return load_pack()


def test_texts_are_drawn_by_their_weight() -> None:
    example = BY_ID["average-speed"]
    drawn = Counter(PACK.choose(ask(example.prompt.text, seed=seed)).text for seed in range(4000))
    pool = example.pools[QUICK.model]
    for reply in pool:
        share = reply.weight / sum(each.weight for each in pool)
        assert drawn[reply.text] / 4000 == pytest.approx(share, abs=0.03)  # four standard errors


def test_members_of_one_model_draw_apart() -> None:
    prompt = BY_ID["summer"].prompt.text
    twin = Member(name="Quick again", model=QUICK.model)
    pairs = [(PACK.choose(ask(prompt, seed=s)), PACK.choose(ask(prompt, seed=s, member=twin))) for s in range(20)]
    assert any(one.text != other.text for one, other in pairs)


@given(seed=st.integers(0, 2**31), first=st.integers(1, 50), distance=st.integers(2, 5))
def test_seeds_that_count_up_do_not_repeat_a_text_soon(seed: int, first: int, distance: int) -> None:
    pack = DemoPack(members=PACK.members, examples=(parse_example(FOUR_TEXTS, source="four"),))
    one, other = (
        pack.choose(ask("Say something.", seed=seed + position, position=position)).text
        for position in (first, first + distance)
    )
    assert one != other


@pytest.mark.parametrize("name", ["", "\ud800", "<b>Quick</b>", "x" * 10_000])
def test_a_member_may_bear_any_name(name: str) -> None:
    member = Member(name=name, model=QUICK.model)
    assert PACK.choose(ask(BY_ID["summer"].prompt.text, member=member)).text


def test_line_ends_and_outer_white_space_do_not_matter() -> None:
    prompt = BY_ID["ice-cube"].prompt.text
    assert PACK.choose(ask("\n " + prompt.replace("\n", "\r\n") + "\n")).failure is None


@pytest.mark.parametrize("prompt_text", ["", "What is 2 + 2?", "x" * 100_000, BY_ID["summer"].prompt.text + " Please."])
def test_any_other_prompt_fails_and_says_what_to_do(prompt_text: str) -> None:
    failure = PACK.choose(ask(prompt_text)).failure
    assert failure is not None
    assert failure.kind == "request"
    assert "fusion_ui.toml" in failure.message


def test_a_model_that_is_not_scripted_has_no_texts() -> None:
    stranger = Member(name="Quick", model="openai/gpt-5")
    assert PACK.choose(ask(BY_ID["summer"].prompt.text, member=stranger)).failure is not None


@pytest.mark.parametrize("purpose", ["judge", "fusor"])
def test_a_scripted_member_neither_judges_nor_fuses(purpose: Purpose) -> None:
    failure = PACK.choose(ask(BY_ID["summer"].prompt.text, purpose=purpose)).failure
    assert failure is not None
    assert "nothing after sampling is scripted" in failure.message


def test_a_check_is_answered() -> None:
    assert "Quick is ready" in PACK.choose(ask("", purpose="check")).text


async def play(scripted: Scripted) -> list[Reply]:
    script = Script(text=scripted.text, note=scripted.note, failure=scripted.failure)
    sampler = ScriptedSampler(lambda _: script, speed=0)
    return [reply async for reply in sampler.sample(ask("any"))]


@pytest.mark.anyio
async def test_failing_members_say_something_and_end_in_a_retryable_failure() -> None:
    (example,) = with_tag("failure")
    failing = [reply for reply in replies(example) if reply.failure]
    assert {reply.failure.kind for reply in failing if reply.failure} == {"rate", "timeout"}
    for scripted in failing:
        *said, end = await play(scripted)
        assert all(isinstance(delta, Delta) for delta in said)
        assert said
        assert isinstance(end, Failure)
        assert end.is_retryable


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "four"', ""),
        ('by = "quick"', 'by = "nobody"'),
        ('text = "text 0"', "text = 0"),
        ('text = "text 0"', 'text = "text 0"\nweight = 0'),
        ('text = "text 0"', 'text = "text 0"\nweight = -1'),
        ('text = "text 0"', 'text = "text 0"\nweight = nan'),
        ('text = "text 0"', 'text = "text 0"\nweight = inf'),
        ('text = "text 0"', 'text = "text 0"\nmood = "grumpy"'),
        ('text = "text 0"', 'text = "text 0"\nfailure = { reason = "none" }'),
        ("[[reply]]", "[[reply"),
    ],
)
def test_a_broken_file_is_named_in_the_error(old: str, new: str) -> None:
    with pytest.raises(PackError, match=r"99-broken\.toml"):
        parse_example(FOUR_TEXTS.replace(old, new, 1), source="99-broken.toml")
