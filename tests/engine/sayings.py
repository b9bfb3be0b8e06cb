"""Candidates from bare texts, and one small text in several scripts, for the tests of text matching."""

import gzip
import json
from pathlib import Path

from fusion_ui.engine.ledger import Span
from fusion_ui.engine.values import Candidate, Completion

MOON = {
    "en": (
        "The Moon goes round the Earth in about 27 days.",
        "It always shows us the same face.",
        "Its pull raises the tides in the oceans.",
        "Without it the axis of the Earth would sway.",
        "Twelve people have walked on its surface.",
    ),
    "ja": (
        "月は約27日で地球のまわりを回ります。",
        "いつも同じ面を地球に向けています。",
        "その引力が海の満ち引きを起こします。",
        "月がなければ地軸は大きく揺れるでしょう。",
        "これまでに十二人が月面を歩きました。",
    ),
    "zh": (
        "月球大约27天绕地球一周。",
        "它总是以同一面朝向地球。",
        "它的引力引起海洋的潮汐。",
        "没有月球，地轴会剧烈摇摆。",
        "迄今有十二个人在月面上行走过。",
    ),
    "ar": (
        "يدور القمر حول الأرض في نحو 27 يومًا.",
        "يظهر لنا دائمًا الوجه نفسه.",
        "تسبب جاذبيته المد والجزر في البحار.",
        "من دونه كان محور الأرض سيتأرجح كثيرًا.",
        "مشى اثنا عشر إنسانًا على سطحه.",
    ),
}
ASIDES = {
    "en": (
        "My cat is called Felix.",
        "Bread should rest overnight.",
        "Trains in Norway are red.",
        "Chess has sixty-four squares.",
        "I prefer tea to coffee.",
    ),
    "ja": (
        "私の猫はタマといいます。",
        "パンは一晩寝かせましょう。",
        "ノルウェーの列車は赤色だ。",
        "将棋の駒は木製が多い。",
        "紅茶のほうが好みです。",
    ),
    "zh": (
        "我家的猫叫小花。",
        "面团应该静置一夜。",
        "挪威的火车是红色的。",
        "象棋有三十二枚棋子。",
        "我更喜欢喝红茶。",
    ),
    "ar": (
        "اسم قطتي فلفل.",
        "يجب أن ترتاح العجينة ليلة كاملة.",
        "القطارات في النرويج حمراء.",
        "للشطرنج أربعة وستون مربعًا.",
        "أفضل الشاي على القهوة.",
    ),
}
SPACE = {"en": " ", "ja": "", "zh": "", "ar": " "}


def candidates(*texts: str) -> tuple[Candidate, ...]:
    """Candidates with these texts, counted from 1, without answers."""
    return tuple(
        Candidate(position=position, member="anna", completion=Completion(text=text))
        for position, text in enumerate(texts, start=1)
    )


def answering(*texts: str) -> tuple[Candidate, ...]:
    """The same, each voting with what follows its last colon, if it has one."""
    return tuple(
        Candidate(
            position=one.position,
            member=one.member,
            completion=one.completion,
            answer=one.completion.text[start:],
            answer_start=start,
            answer_end=len(one.completion.text),
        )
        if (start := one.completion.text.rfind(": ") + 2) > 1
        else one
        for one in candidates(*texts)
    )


def quoted(text: str, span: Span) -> str:
    return text[span.start : span.end]


def mtbench(shared_data: Path) -> list[dict[str, object]]:
    """370 prompts in five languages with up to five models' texts each."""
    with gzip.open(shared_data / "open" / "mtbench_5langs_5models.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
