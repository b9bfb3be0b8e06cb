"""What raters said of a layout, as columns. A million judgements take 60 MB.

Which of them count is not decided here, only which stand.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fusion_ui.analysis.preference.comparisons import Floats, Ints, Mask
from fusion_ui.preferences.pairs import NO_PAIRS, NO_SCORES, Bytes, Pairs, Scored
from storage.preferences import KINDS, VERDICTS

MAIN, TRAINING, REPEAT = range(len(KINDS))
OUTPUT, TIE, ALL_BAD, RANKING, SCORES, SKIP, WITHDRAWN = range(len(VERDICTS))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Said:
    """Every judgement, in the order in which they came; `winner` is a contender, or NONE where no single one won.

    `rater` are places in `raters`, the ids of people. `stands`: the last of its trial. `upto` is the last row read.
    """

    upto: int
    raters: tuple[str, ...]
    criteria: tuple[str, ...]
    trial: NDArray[np.int64]
    unit: Ints
    rater: Ints
    kind: Bytes
    verdict: Bytes
    flags: Bytes
    winner: Ints
    seconds: Floats
    stands: Mask
    pairs: Pairs
    scored: Scored

    def __len__(self) -> int:
        return len(self.trial)


NOTHING = Said(
    upto=0,
    raters=(),
    criteria=(),
    trial=np.zeros(0, np.int64),
    unit=np.zeros(0, np.int32),
    rater=np.zeros(0, np.int32),
    kind=np.zeros(0, np.int8),
    verdict=np.zeros(0, np.int8),
    flags=np.zeros(0, np.int8),
    winner=np.zeros(0, np.int32),
    seconds=np.zeros(0),
    stands=np.zeros(0, np.bool_),
    pairs=NO_PAIRS,
    scored=NO_SCORES,
)
