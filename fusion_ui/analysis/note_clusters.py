"""Notes that say alike, told by the words they share: a first look at which complaints come again.

Words are compared, not meanings. A script without spaces is taken by pairs of characters.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from scipy import sparse
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from fusion_ui.engine.texts.phrasing import UNSPACED

MOST_NOTES = 600  # different ones, the last first: the hierarchy takes the square of their number
_APART = 0.7  # cosine distance, on average, above which notes are no longer one cluster
_SHOWN_WORDS = 4
_SHORTEST_WORD = 3  # of alphabets; shorter ones are mostly "is", "of", "не"
_LONGEST = 1_000
_RUN = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCluster:
    """Notes that share words, by their places among the notes given; `words` are those that tell them, best first."""

    words: tuple[str, ...]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteClusters:
    """The clusters, largest first; `alone` notes are like no other, and only `used` of all were looked at."""

    clusters: tuple[NoteCluster, ...]
    alone: int
    used: int


def note_clusters(notes: Sequence[str]) -> NoteClusters:
    """The notes grouped by average linkage over tf-idf cosines; the same for any order of them."""
    places_by_words: dict[frozenset[str], list[int]] = {}
    for place in reversed(range(len(notes))):
        words = frozenset(words_of(notes[place]))
        if words in places_by_words or len(places_by_words) < MOST_NOTES:
            places_by_words.setdefault(words, []).append(place)
    bags = sorted((bag for bag in places_by_words if bag), key=sorted)
    rarity = _rarity(bags)
    clusters = []
    for group in _groups(bags, rarity):
        places = sorted(place for bag in group for place in places_by_words[bag])
        clusters.append(NoteCluster(words=_telling(group, rarity), places=tuple(places)))
    told = [cluster for cluster in clusters if len(cluster.places) > 1]
    used = sum(len(places) for places in places_by_words.values())
    return NoteClusters(
        clusters=tuple(sorted(told, key=lambda cluster: (-len(cluster.places), cluster.words))),
        alone=used - sum(len(cluster.places) for cluster in told),
        used=used,
    )


def words_of(note: str) -> Iterator[str]:
    """The words of a note by which it is compared."""
    plain = unicodedata.normalize("NFKC", note[:_LONGEST]).casefold()
    for is_word, signs in groupby(plain, key=lambda sign: unicodedata.category(sign)[0] in "LMN"):
        for run in _RUN.findall("".join(signs)) if is_word else ():
            if re.match(f"[{UNSPACED}]", run):
                yield from (run[at : at + 2] for at in range(max(1, len(run) - 1)))
            elif len(run) >= _SHORTEST_WORD or run.isdigit():
                yield run


def _groups(bags: Sequence[frozenset[str]], rarity: Mapping[str, float]) -> list[list[frozenset[str]]]:
    """The bags of words that belong together."""
    if len(bags) < 2:
        return [[bag] for bag in bags]
    vectors = _vectors(bags, rarity)
    distances = np.clip(1.0 - (vectors @ vectors.T).toarray(), 0.0, None)
    np.fill_diagonal(distances, 0.0)
    tree = hierarchy.linkage(squareform(distances, checks=False), method="average")
    labels = hierarchy.fcluster(tree, _APART, criterion="distance")
    groups: dict[int, list[frozenset[str]]] = {}
    for bag, label in zip(bags, labels, strict=True):
        groups.setdefault(int(label), []).append(bag)
    return list(groups.values())


def _vectors(bags: Sequence[frozenset[str]], rarity: Mapping[str, float]) -> sparse.csr_array:
    """A row of length 1 for each bag: the weights of its words."""
    column_by_word = {word: column for column, word in enumerate(sorted(rarity))}
    words = [sorted(bag) for bag in bags]
    weights = [np.array([rarity[word] for word in bag]) for bag in words]
    filled = np.concatenate([row / np.linalg.norm(row) for row in weights])
    columns = [column_by_word[word] for bag in words for word in bag]
    starts = np.cumsum([0, *(len(bag) for bag in words)])
    return sparse.csr_array((filled, columns, starts), shape=(len(bags), len(rarity)))


def _rarity(bags: Sequence[frozenset[str]]) -> dict[str, float]:
    """What a word weighs: the more, the fewer notes have it (idf, smoothed so that a word of all notes counts too)."""
    frequency = Counter(word for bag in bags for word in bag)
    return {word: math.log((1 + len(bags)) / (1 + count)) + 1.0 for word, count in frequency.items()}


def _telling(group: Sequence[frozenset[str]], rarity: Mapping[str, float]) -> tuple[str, ...]:
    """The words that tell these notes from others: those that several of them share, where there are any."""
    within = Counter(word for bag in group for word in bag)
    shared = [word for word, count in within.items() if count > 1] or list(within)
    return tuple(sorted(shared, key=lambda word: (-within[word] * rarity[word], word))[:_SHOWN_WORDS])
