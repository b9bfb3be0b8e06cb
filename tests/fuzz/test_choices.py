"""What people write to choose: weights, stopping rules, protocols, classes of flaws, the settings file."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fusion_ui.analysis.answers import AnswersError
from fusion_ui.analysis.rules import parse_rules, rule_text
from fusion_ui.annotation.protocols import checked, contrasts_in, criteria_in
from fusion_ui.recipes import ChoiceError, parse_weights
from fusion_ui.settings import SettingsError, load_settings
from fusion_ui.studies.protocol import Protocol, StudyError
from fusion_ui.studies.taxonomy import TaxonomyError, load_taxonomy
from tests.fuzz.spoiling import refused, spoilt

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ("gpt 0.7, llama 0.3", "gpt=0.7,llama:0.3", "openai/gpt-4o-mini=1e-3; b 2")
RULES = ("evidence:10", "fixed:8, certificate, margin:3:5", "evidence:10:3,fixed:64")
WORDS = ("fusion:best", "fusion:best:vote, single:candidate", "accuracy, clarity", "Ann, Ben", "")
SETTINGS = (
    'port = 7860\nhost = "127.0.0.1"\n[[members]]\nname = "gpt"\nmodel = "openai/gpt"\nweight = 0.5\n'
    '[judge]\nmember = "gpt"\n',
    '[run]\nn = 8\npreset = "balanced"\n[auth]\nenabled = true\nmembers = []\n',
)
TAXONOMY = (ROOT / "fusion_ui" / "studies" / "taxonomy.toml").read_text(encoding="utf-8")
ON_A_FILE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("choices")


@given(spoilt(WEIGHTS, most=700))
def test_weights_are_read_or_refused(text: str) -> None:
    if not refused(lambda: parse_weights(text), ChoiceError):
        assert all(name and isinstance(weight, float) for name, weight in (parse_weights(text) or {}).items())


@given(spoilt(RULES, most=700))
def test_rules_that_are_read_are_read_again_from_their_own_text(text: str) -> None:
    if not refused(lambda: parse_rules(text), AnswersError):
        rules = parse_rules(text)
        assert parse_rules(", ".join(map(rule_text, rules))) == rules


@given(spoilt(WORDS), spoilt(WORDS), spoilt(WORDS), st.data())
def test_a_protocol_is_refused_or_cleaned_for_good(
    contrasts: str, criteria: str, names: str, data: st.DataObject
) -> None:
    asked = Protocol(
        title=names,
        instructions=criteria,
        task=data.draw(st.sampled_from(["pairwise", "ranking", "best-worst", "rubric"])),
        overlap=data.draw(st.integers(-1, 3)),
        repeats=data.draw(st.sampled_from([0.0, 0.5, 0.51, -1.0, math.nan, math.inf])),
        raters=tuple(names.split(",")),
        reasons=tuple(contrasts.split(",")),
        seed=data.draw(st.sampled_from([0, 2**53, 2**53 + 1, -1])),
    )

    def make() -> Protocol:
        return checked(replace(asked, contrasts=contrasts_in([contrasts]), criteria=criteria_in(criteria)))

    if not refused(make, StudyError):
        protocol = make()
        assert checked(protocol) == protocol
        assert 0 <= protocol.repeats <= 0.5


@given(text=spoilt(SETTINGS))
@ON_A_FILE
def test_a_settings_file_is_read_or_refused_by_name(folder: Path, text: str) -> None:
    path = folder / "some.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    words = refused(lambda: load_settings(config=path), SettingsError)
    assert not words or str(path) in words


@given(text=spoilt([TAXONOMY], most=len(TAXONOMY) + 500))
@ON_A_FILE
def test_a_file_of_classes_is_read_or_refused_by_name(folder: Path, text: str) -> None:
    path = folder / "classes.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    words = refused(lambda: load_taxonomy.__wrapped__(path), TaxonomyError)
    assert not words or str(path) in words
