"""Flaws as they are told: how far people agree on them, in words that say what is not known and why."""

import re

from fusion_ui.analysis.flaw_agreement import Look, flaw_agreement
from fusion_ui.ui.inspection.flaws_cards import agreed


def told(outputs: int) -> str:
    """Two people, who part over one output only: the fifth."""
    looks = [
        Look(str(at), who, "a" if at % 2 or (who == "Bo" and at == 4) else None)
        for at in range(outputs)
        for who in ("Ada", "Bo")
    ]
    return str(agreed(flaw_agreement(looks).any)["words"])


def test_an_alpha_comes_with_its_interval() -> None:
    sentence = r"95% of pairs say the same; alpha 0\.90, .* 0 is chance\. 95% interval 0\.\d\d to 1\.00\."
    assert re.fullmatch(sentence, told(20))


def test_an_alpha_without_interval_says_why() -> None:
    assert told(4).endswith("alpha 1.00, where 1 is perfect and 0 is chance. No interval: fewer than 5 units.")


def test_what_is_not_defined_says_why() -> None:
    assert told(1) == "100% of pairs say the same; everybody always says the same, so alpha is not defined."
    assert told(0) == "No output was looked at by two people yet."
