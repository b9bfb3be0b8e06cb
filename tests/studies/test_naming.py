"""Who tells in a text that they wrote it, and who only speaks about a model, a painter or a constellation."""

import gzip
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.studies.naming import MASK, masked, self_naming, without_names
from tests.studies.support import contender

SELF_NAMING = [
    "As ChatGPT, I cannot browse.",
    "I'm Claude, an AI assistant made by Anthropic.",
    "Hello! I am Claude 3.5 Sonnet.",
    "My name is Bard and I am a large language model, trained by Google.",
    "I am a large language model trained by OpenAI.",
    "As a large language model, trained by Google, I can't.",
    "As an AI assistant developed by Mistral AI, I do not.",
    "I was created by Anthropic to be helpful.",
    "I'm Gemini, a large language model built by Google.",
    "I am an AI assistant called Qwen.",
    "I'm Meta's Llama 3, here to help.",
    "I was developed by a team of researchers at DeepMind.",
    "OpenAI trained me on data until 2021.",
    "My creators at Anthropic asked me.",
    "I'm an OpenAI language model.",
    "I am Open Assistant? No, I am Open-Assistant.",
    "I (ChatGPT) think so.",
    "I, Claude, do.",
    "As OpenAI's ChatGPT, I think.",
    "I am GPT-4, so.",
    "Claude here! Let me help.",
    "Als ChatGPT kann ich das nicht.",
    "Ich bin Claude, ein KI-Assistent von Anthropic.",
    "Ich bin ein von OpenAI entwickeltes Sprachmodell.",
    "Als KI-Modell, das von OpenAI entwickelt wurde, kann ich nicht.",
    "Ich wurde von Anthropic entwickelt.",
    "Mein Name ist Gemini.",
    "En tant que ChatGPT, je ne peux pas.",
    "Je suis Claude, un assistant IA créé par Anthropic.",
    "Je m'appelle Le Chat.",
    "Je suis un modèle de langage développé par OpenAI.",
    "En tant qu'IA développée par Mistral AI, je",
    "J'ai été entraîné par OpenAI.",
    "Como ChatGPT, no puedo.",
    "Soy Claude, un asistente.",
    "Soy un modelo de lenguaje desarrollado por OpenAI.",
    "Como modelo de lenguaje creado por Google, no tengo.",
    "Me llamo Gemini.",
    "Sono ChatGPT.",
    "Sono un modello linguistico sviluppato da OpenAI.",
    "Sou o ChatGPT, um modelo.",
    "Sou um modelo de linguagem treinado pela OpenAI.",
    "我是通义千问，由阿里云开发的语言模型。",
    "我是ChatGPT。",
    "作为ChatGPT，我不能。",
    "我是由OpenAI训练的语言模型。",
    "我是一个由OpenAI开发的人工智能。",
    "我叫Claude。",
    "我是阿里云研发的大规模语言模型，我叫通义千问。",
    "我來自OpenAI。",
    "我是百度公司开发的文心一言",
    "私はChatGPTです。",
    "私（ChatGPT）がその意見",
    "私はClaudeと申します。",
    "私はOpenAIによって開発された言語モデルです。",
    "私はGoogleが開発した大規模言語モデルです。",
    "ChatGPTとして、私は",
    "저는 ChatGPT입니다.",
    "저는 OpenAI에서 개발한 언어 모델입니다.",
    "أنا ChatGPT، نموذج لغوي.",
    "أنا نموذج لغوي طورته OpenAI.",
    "أنا نموذج لغة كبير تم تدريبه بواسطة Google.",
    "تم تطويري بواسطة OpenAI.",
    "بصفتي ChatGPT لا أستطيع",
    "أنا كلود.",
    "Я — ChatGPT, языковая модель.",
    "Я ChatGPT, языковая модель.",
    "Как ChatGPT, я не могу.",
    "Меня зовут Claude.",
    "Я языковая модель, разработанная OpenAI.",
    "Меня создала компания Anthropic.",
    "Как языковая модель, обученная OpenAI, я",
    "Я — GigaChat, разработан Сбером.",
    "I'm Claude\nHere is the answer.",
    "I am Gemini Advanced, so.",
    "I'm qwen2.5-7b-instruct.",
]
OF_OTHERS = [
    "Claude Monet painted water lilies.",
    '"Impression, Sunrise" by Claude Monet: as Claude Monet said, light is all.',
    "My name is Claude Monet and I paint.",
    "I'm a Gemini, born in June.",
    "“I'm Claude,” said the painter.",
    "ChatGPT was developed by OpenAI and released in 2022.",
    "Google's newly launched AI chatbot, Bard, had a poor start.",
    "As Google announced, Bard will come.",
    "I read that ChatGPT was made by OpenAI.",
    "I am a fan of the chatbot made by Google.",
    "I use Claude every day and I love GPT-4.",
    "As an AI language model, I cannot.",
    "In my opinion, Gemini is better than Copilot.",
    "As Claude said, the model is trained by hand.",
    "I command you.",
    "I am Command-ing.",
    "Apple was founded by Steve Jobs. I am hungry.",
    "I am trained by my coach.",
    "Ich habe gelesen, dass ChatGPT von OpenAI entwickelt wurde.",
    "Ich nutze ChatGPT.",
    "Les Nymphéas de Claude Monet",
    "Je suis allé voir Claude.",
    "Como ChatGPT, otros modelos son grandes.",
    "语言模型如ChatGPT由OpenAI开发。",
    "我喜欢用ChatGPT。",
    "作为谷歌的用户，我很满意。",
    "私はChatGPTを使っています。",
    "Я использую ChatGPT.",
    "Как сообщает Google, модель создана.",
    "koalas and alpacas",
    "He said I'm Claude's friend.",
    "I'm Phil and this is pi.",
    "The llama is an animal. I am a llama farmer.",
    "Use the Command Prompt; call me Ishmael.",
    "I am ChatGPT-like.",
    "",
]


def named(text: str, *names: str) -> list[str]:
    return [text[start:end] for start, end in self_naming(text, names)]


@pytest.mark.parametrize("text", SELF_NAMING)
def test_a_self_introduction_is_found(text: str) -> None:
    assert named(text)


@pytest.mark.parametrize("text", SELF_NAMING)
def test_nothing_tells_its_writer_any_more_once_masked(text: str) -> None:
    assert named(masked(text, self_naming(text))) == []


@pytest.mark.parametrize("text", OF_OTHERS)
def test_speaking_about_a_model_or_a_namesake_is_no_self_introduction(text: str) -> None:
    assert named(text) == []


def test_maker_and_version_are_found_with_the_name() -> None:
    text = "Hello! I am Claude 3.5 Sonnet, made by Anthropic. Ask away."
    assert named(text) == ["Claude 3.5 Sonnet", "Anthropic"]
    assert masked(text, self_naming(text)) == f"Hello! I am {MASK}, made by {MASK}. Ask away."


def test_a_name_once_told_is_found_wherever_it_is_repeated() -> None:
    text = "ChatGPT can do this. Others cannot, as Bard shows. I am ChatGPT. Ask ChatGPT again."
    assert named(text) == ["ChatGPT"] * 3


def test_a_namesake_is_left_alone_in_a_text_that_names_itself() -> None:
    assert named("I'm Claude. You asked about Claude Monet.") == ["Claude"]


def test_a_studys_own_member_is_known_by_its_name() -> None:
    assert named("I am Orakel, your assistant.") == []
    assert named("I am Orakel, your assistant.", "Orakel") == ["Orakel"]
    assert named("An Orakel is a seer.", "Orakel") == []


def test_the_id_of_a_studys_model_tells_wherever_it_stands() -> None:
    assert named("Answered with gpt-4o-mini today.", "openai/gpt-4o-mini", "gpt-4o-mini") == ["gpt-4o-mini"]
    assert named("Route: openai/gpt-4o-mini", "openai/gpt-4o-mini") == ["openai/gpt-4o-mini"]
    assert named("Answered with gpt-4o-mini today.") == []


@pytest.mark.parametrize("name", ["", "/", "a", ".*", "(", "\\", "x" * 5000, "Modell 7 (neu)"])
def test_any_member_name_is_taken_literally(name: str) -> None:
    assert named("Nothing to see here.", name) == []


@given(st.text() | st.text(alphabet="I'am ClaudeGPT我是."), st.lists(st.text(), max_size=3))
def test_spans_are_in_order_apart_and_inside_the_text(text: str, names: list[str]) -> None:
    spans = self_naming(text, names)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert masked(text, spans).count(MASK) >= len(spans)


def test_masking_hides_the_name_and_keeps_every_other_word() -> None:
    hidden = without_names(contender(text="As ChatGPT, I think so."), names=(), masks=True)
    assert hidden.text == f"As {MASK}, I think so."
    assert hidden.names == ("ChatGPT",)


def test_names_are_noted_even_where_they_are_not_hidden() -> None:
    shown = without_names(contender(text="I'm Claude. Yes, Claude."), names=(), masks=False)
    assert shown.text == "I'm Claude. Yes, Claude."
    assert shown.names == ("Claude",)


@pytest.mark.parametrize(
    "text",
    ["Claude " * 30_000, "I am " * 40_000 + "Claude", "我是" * 100_000, "Bard, " * 30_000, "I'm an AI model " * 12_000],
)
def test_two_hundred_thousand_hostile_characters_take_no_time_to_speak_of(text: str) -> None:
    begun = time.process_time()
    self_naming(text)
    assert time.process_time() - begun < 20


def test_no_real_answer_or_translation_about_models_is_a_false_alarm(shared_data: Path) -> None:
    """1 133 answers to 19 prompts, and 3 770 translations, some of an article on Bard: none speaks as a model."""
    with (shared_data / "open" / "llmfao_results.jsonl").open(encoding="utf-8") as lines:
        texts = [json.loads(line)["result"] or "" for line in lines]
    with (shared_data / "open" / "mqm_zhen_texts.jsonl").open(encoding="utf-8") as lines:
        texts += [text for line in lines for text in json.loads(line)["candidates"].values()]
    assert sum("Bard" in text for text in texts) >= 50
    assert [text for text in texts if self_naming(text)] == []


def test_the_one_answer_of_mt_bench_that_names_itself_is_found(shared_data: Path) -> None:
    with gzip.open(shared_data / "open" / "mtbench_5langs_5models.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [candidate["text"] for line in lines for candidate in json.loads(line)["candidates"]]
    assert [named(text) for text in texts if self_naming(text)] == [["ChatGPT"]]
