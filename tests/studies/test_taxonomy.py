"""The shipped taxonomy is whole, its keys do not clash, and its blind form tells nothing."""

import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest

from fusion_ui.studies.taxonomy import TaxonomyError, load_taxonomy

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


def test_a_class_is_told_apart_from_what_says_that_nothing_is_wrong() -> None:
    assert [TAXONOMY.flaw_class(each) for each in ("reasoning/arithmetic", "answer", "correct")] == [
        "reasoning", "answer", None,
    ]  # fmt: skip
    assert TAXONOMY.flaw_class("style/odd") == "style"


OWN = """
id = "mine"
version = "3"
[[severities]]
key = "1"
name = "bad"
label = "Bad"
definition = "Bad."
weight = 2.5
[[classes]]
key = "S"
name = "style"
label = "Style"
definition = "Against the house style."
example = "Writes “utilise”."
subtypes = ["long words"]
"""


def own(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_ones_own_replaces_the_classes(tmp_path: Path) -> None:
    taxonomy = load_taxonomy(own(tmp_path, OWN))
    assert (taxonomy.id, taxonomy.version, taxonomy.weight("bad")) == ("mine", "3", 2.5)
    assert taxonomy.knows(category="style/long words", severity="bad")
    assert not taxonomy.knows(category="answer", severity="bad")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[[classes]]", "[[classes", "not valid TOML"),
        ('id = "mine"', "", "id: Field required"),
        ('key = "S"', 'key = "s"', "classes.1.key: String should match"),
        ('name = "style"', 'name = "st/yle"', "classes.1.name"),
        ('name = "style"', 'name = "st+yle"', "classes.1.name"),
        ("weight = 2.5", "weight = -1", "severities.1.weight"),
        ("weight = 2.5", "weight = nan", "severities.1.weight"),
        ("weight = 2.5", 'weight = "heavy"', "severities.1.weight"),
        ('label = "Style"', 'label = "Style"\ncolour = "red"', "classes.1.colour: Unexpected"),
        ('["long words"]', '["a", "a"]', "'style' names a subtype twice"),
        ('example = "Writes', 'is_flaw = false\nexample = "Writes', "no class is a flaw"),
    ],
)
def test_a_bad_file_is_refused_by_its_name_and_entry(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = own(tmp_path, OWN.replace(old, new))
    with pytest.raises(TaxonomyError) as refused:
        load_taxonomy(path)
    assert str(path) in str(refused.value)
    assert words in str(refused.value)


@pytest.mark.parametrize(("table", "what"), [("classes", "two classes"), ("severities", "two severities")])
def test_a_key_that_two_entries_share_is_refused(tmp_path: Path, table: str, what: str) -> None:
    severity, flaw_class = OWN[OWN.index("[[severities]]") :].split("[[classes]]")
    again = severity if table == "severities" else f"[[classes]]{flaw_class}"
    with pytest.raises(TaxonomyError, match=f"{what} have the key"):
        load_taxonomy(own(tmp_path, OWN + again))


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for path, words in (
        (tmp_path / "none.toml", "cannot be read"),
        (tmp_path, "cannot be read"),
        (tmp_path / "binary", "not valid"),
    ):
        with pytest.raises(TaxonomyError, match=words):
            load_taxonomy(path)
