"""Recorded answers grouped by meaning: the rows of any number of files as one `AnswerSet`.

The groups do not depend on the order of the files: within a question the gold answer goes first and names its group,
then the answers given most often, then the others by their text.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from fusion_ui.analysis.answers import BLANK, AnswersError, AnswerSet, Draws, Question
from fusion_ui.engine.answers import equivalent
from fusion_ui.exchange.answer_keys import gold_key, is_plain, written_key
from fusion_ui.exchange.recorded import RecordedAnswer

_COMPARISONS = 20_000  # by meaning, in one set; each takes some 0.2 ms
_FEWEST_COMPARISONS = 100  # of one question


def answer_set_of(rows: Iterable[RecordedAnswer]) -> AnswerSet:
    """The recorded answers by question and member; what means the same has one key, the gold answer's included.

    Several rows of one member and question are put together. A question whose gold answers differ is left out.
    Raises AnswersError where no question is left.
    """
    rows_by_name: dict[str, list[RecordedAnswer]] = {}
    members: dict[str, None] = {}
    for row in rows:
        rows_by_name.setdefault(f"{row.set}/{row.question}" if row.set else row.question, []).append(row)
        members[row.member] = None
    keys = _Keys(comparisons=max(_FEWEST_COMPARISONS, _COMPARISONS // max(1, len(rows_by_name))))
    questions: list[Question] = []
    left_out: list[str] = []
    for name, asked in rows_by_name.items():
        golds = keys.golds(asked)
        if len(golds) > 1:
            left_out.append(f"{name}: its gold answers differ ({', '.join(golds)})")
        else:
            questions.append(
                _question(name, asked, members=tuple(members), gold=golds[0] if golds else None, keys=keys)
            )
    if not questions:
        raise AnswersError(f"No question can be used: {'; '.join(left_out[:3]) or 'no answers are recorded'}.")
    return AnswerSet(members=tuple(members), questions=tuple(questions), left_out=tuple(left_out))


class _Keys:
    """Keys of answers and what they are equal to; each is read and each pair compared once in a set."""

    def __init__(self, *, comparisons: int) -> None:
        self._comparisons = comparisons
        self._key_by_text: dict[str, str | None] = {}
        self._gold_by_text: dict[str, str | None] = {}
        self._is_same: dict[tuple[str, str], bool] = {}

    def key(self, text: str) -> str | None:
        """The key of an answer as it was written."""
        if text not in self._key_by_text:
            self._key_by_text[text] = written_key(text)
        return self._key_by_text[text]

    def golds(self, rows: Sequence[RecordedAnswer]) -> tuple[str, ...]:
        """The keys of the gold answers that these rows name, one for those that mean the same."""
        found: Counter[str] = Counter()
        for text in (row.gold for row in rows if row.gold):
            if text not in self._gold_by_text:
                self._gold_by_text[text] = gold_key(text)
            if key := self._gold_by_text[text]:
                found[key] += 1
        return tuple(dict.fromkeys(self.names(_most_given_first(found)).values()))

    def names(self, keys: Iterable[str]) -> dict[str, str]:
        """The name of each key's group: the first of the keys that is the same answer.

        When the comparisons of a question are used up, a key is compared with the first one only, which is gold if
        there is gold.
        """
        name_by_key: dict[str, str] = {}
        names: list[str] = []
        intricate: list[str] = []
        left = self._comparisons
        for key in keys:
            known = (intricate if is_plain(key) else names)[: max(left, 1)]
            left -= len(known)
            name_by_key[key] = next((name for name in known if self._same(name, key)), key)
            if name_by_key[key] == key:
                names.append(key)
                intricate += [] if is_plain(key) else [key]
        return name_by_key

    def _same(self, first: str, second: str) -> bool:
        pair = (first, second)
        if pair not in self._is_same:
            self._is_same[pair] = bool(equivalent(first, second))
        return self._is_same[pair]


def _question(
    name: str, rows: Sequence[RecordedAnswer], *, members: Sequence[str], gold: str | None, keys: _Keys
) -> Question:
    count_by_text = Counter(answer for row in rows for answer in row.answers if answer is not None)
    count_by_key: Counter[str] = Counter()
    for text, count in count_by_text.items():
        if key := keys.key(text):
            count_by_key[key] += count
    first = [gold] if gold else []
    name_by_key = keys.names(dict.fromkeys([*first, *_most_given_first(count_by_key)]))
    answers = tuple(dict.fromkeys(name_by_key.values()))
    place_by_name = {named: place for place, named in enumerate(answers)}
    place_by_text: dict[str | None, int] = {
        text: place_by_name[name_by_key[key]] if (key := keys.key(text)) else BLANK for text in count_by_text
    }
    return Question(
        name=name,
        answers=answers,
        gold=0 if gold else None,
        draws=tuple(_draws([row for row in rows if row.member == member], place_by_text) for member in members),
        text=next((row.text for row in rows if row.text), ""),
    )


def _draws(rows: Sequence[RecordedAnswer], place_by_text: Mapping[str | None, int]) -> Draws | None:
    answers = [answer for row in rows for answer in row.answers]
    if not answers:
        return None
    tokens = [count for row in rows for count in row.tokens or (None,)]
    return Draws(
        keys=np.array([place_by_text.get(answer, BLANK) for answer in answers], dtype=np.int64),
        tokens=None if None in tokens else np.array(tokens, dtype=np.float64),
    )


def _most_given_first(count_by_key: Mapping[str, int]) -> list[str]:
    return sorted(count_by_key, key=lambda key: (-count_by_key[key], key))
