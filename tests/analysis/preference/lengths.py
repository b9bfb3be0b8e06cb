"""The published votes of llmfao with what else is known of them: sides, and the lengths of the texts."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from fusion_ui.analysis.preference.comparisons import Comparisons
from tests.analysis.preference.votes import llmfao


def llmfao_with_lengths(folder: Path) -> Comparisons:
    """The crowd's votes; the first of a pair stood left."""
    crowd = llmfao(folder)
    with (folder / "open" / "llmfao_results.jsonl").open(encoding="utf-8") as lines:
        results = [json.loads(line) for line in lines]
    length = {(int(each["prompt"]), each["name"]): len(each["result"]) for each in results}
    rows = zip(crowd.prompt.tolist(), crowd.first.tolist(), crowd.second.tolist(), strict=True)
    lengths = [[length[prompt, crowd.systems[place]] for place in places] for prompt, *places in rows]
    return replace(crowd, left=np.ones(len(crowd), dtype=np.int32), lengths=np.array(lengths, dtype=np.float64))
