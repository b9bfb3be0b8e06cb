"""The definition of a study has one hash, which changes with anything that raters are asked or shown."""

from dataclasses import replace
from hashlib import sha256

import pytest

from fusion_ui.studies.protocol import Criterion, Protocol, definition_sha256
from tests.studies.support import contender, unit

PROTOCOL = Protocol(title="t")
UNITS = (unit(0), unit(1))


def test_the_hash_of_a_text_is_that_of_its_bytes() -> None:
    assert contender(text="héllo").text_sha256 == sha256("héllo".encode()).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        {"title": "u"},
        {"overlap": 2},
        {"seed": 1},
        {"is_blind": False},
        {"repeats": 0.1},
        {"instructions": "Read both."},
        {"criteria": (Criterion(key="c", label="Correct", anchors=("no", "yes")),)},
        {"contrasts": (("best", "fusion"),)},
    ],
)
def test_another_protocol_has_another_hash(change: dict[str, object]) -> None:
    changed = replace(PROTOCOL, **change)  # type: ignore[arg-type]
    assert definition_sha256(changed, UNITS) != definition_sha256(PROTOCOL, UNITS)


@pytest.mark.parametrize("change", [{"prompt": "p"}, {"gold": 1}, {"phase": "training"}, {"same_as": 0}])
def test_another_unit_has_another_hash(change: dict[str, object]) -> None:
    changed = (UNITS[0], replace(UNITS[1], **change))  # type: ignore[arg-type]
    assert definition_sha256(PROTOCOL, changed) != definition_sha256(PROTOCOL, UNITS)


def test_the_order_of_units_is_part_of_the_definition_and_a_second_look_is_not() -> None:
    assert definition_sha256(PROTOCOL, UNITS[::-1]) != definition_sha256(PROTOCOL, UNITS)
    assert definition_sha256(PROTOCOL, list(UNITS)) == definition_sha256(PROTOCOL, UNITS)
