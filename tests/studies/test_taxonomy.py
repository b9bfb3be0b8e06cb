"""The shipped taxonomy is whole, its keys do not clash, and its blind form tells nothing."""

import json
import re
from dataclasses import asdict

import pytest

from fusion_ui.studies.taxonomy import load_taxonomy

TAXONOMY = load_taxonomy()


def test_the_taxonomy_has_an_id_and_a_version_for_exports() -> None:
    assert (TAXONOMY.id, TAXONOMY.version) == ("content-flaws", "1")


def test_every_class_of_the_requirements_is_there_with_its_letter() -> None:
    assert "".join(each.key for each in TAXONOMY.classes) == "ICUGRAOVLHFPKX"


def test_no_two_classes_or_severities_share_a_key_or_a_name() -> None:
    for group in (TAXONOMY.classes, TAXONOMY.severities):
        for names in ([each.key for each in group], [each.name for each in group], [each.label for each in group]):
            assert len(set(names)) == len(names)


def test_every_class_has_a_definition_and_an_example_to_show() -> None:
    assert all(each.definition.endswith(".") and each.example for each in TAXONOMY.classes)


def test_severities_weigh_as_in_wmt() -> None:
    assert [TAXONOMY.weight(name) for name in ("minor", "major", "critical")] == [1, 5, 25]


def test_a_blind_study_shows_twelve_classes_that_tell_nothing_of_roles() -> None:
    blind = TAXONOMY.blind()
    assert len(blind.classes) == 12
    assert not re.search("fus(ion|ed)|candidate|judge|vote|best|single", json.dumps(asdict(blind)), re.IGNORECASE)


@pytest.mark.parametrize("category", ["reasoning", "reasoning/arithmetic", "other", "correct"])
def test_a_class_and_its_subtypes_are_known(category: str) -> None:
    assert TAXONOMY.knows(category=category, severity="major")


@pytest.mark.parametrize(
    "category", ["", "reasoning/", "reasoning/padding", "R", "Reasoning", "reasoning/arithmetic/x"]
)
def test_what_is_no_class_is_not_known(category: str) -> None:
    assert not TAXONOMY.knows(category=category, severity="major")


def test_what_is_no_severity_is_not_known() -> None:
    assert not TAXONOMY.knows(category="reasoning", severity="2")
    with pytest.raises(KeyError):
        TAXONOMY.weight("dreadful")


def test_a_blind_study_does_not_know_the_classes_it_hides() -> None:
    assert TAXONOMY.knows(category="fusion", severity="minor")
    assert not TAXONOMY.blind().knows(category="fusion", severity="minor")
