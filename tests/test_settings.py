"""Configuration: what outranks what, and mistakes explained to the person who made them."""

from pathlib import Path

import pytest

from fusion_ui.settings import SettingsError, load_settings

MEMBER = '[[members]]\nname = "gpt"\nmodel = "openai/gpt-4o-mini"\napi_key_env = "OPENAI_API_KEY"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "some.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_command_line_outranks_the_environment_and_that_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = written(tmp_path, 'db = "file.db"\nhost = "h"\nport = 1\n')
    monkeypatch.setenv("FUSION_UI_DB", "environment.db")
    monkeypatch.setenv("FUSION_UI_PORT", "2")
    settings = load_settings(config=config, port=3)
    assert (str(settings.db), settings.port, settings.host) == ("environment.db", 3, "h")


def test_the_environment_can_name_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUSION_UI_CONFIG", str(written(tmp_path, MEMBER)))
    assert [member.name for member in load_settings().members] == ["gpt"]


def test_without_a_file_the_defaults_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert (settings.host, settings.port, settings.members, settings.run.preset) == ("127.0.0.1", 7860, (), "balanced")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (MEMBER + MEMBER, "two members are called 'gpt'"),
        (MEMBER + '[judge]\nmember = "claude"\n', "[judge] names 'claude', which is no member (members: gpt)"),
        (MEMBER + "weight = -1\n", "members.1.weight: Input should be greater than 0"),
        (MEMBER + 'api_base = "localhost:8000"\n', "members.1.api_base: must start with http"),
        (MEMBER.replace("OPENAI_API_KEY", "sk-not-a-name"), "members.1.api_key_env"),
        (MEMBER + 'api_key = "sk-1234567890"\n', "members.1.api_key: Extra inputs are not permitted"),
        (MEMBER + 'extra = { api_key = "sk-1234567890" }\n', "members.1.extra: api_key is not passed on"),
        ("members = 3", "members"),
        ("not toml at all", "is not valid TOML"),
        ("[limits]\nruns_at_once = 0\n", "limits.runs_at_once: Input should be greater than or equal to 1"),
        ("[limits]\nusd_per_day = -1\n", "limits.usd_per_day: Input should be greater than 0"),
        ("[limits]\nruns = 1\n", "limits.runs: Extra inputs are not permitted"),
        ("[run]\nn = 1000\n", "run.n: Input should be less than or equal to 100"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=r"some\.toml") as caught:
        load_settings(config=written(tmp_path, text))
    assert words in str(caught.value)
    assert "sk-1234567890" not in str(caught.value)


def test_a_file_that_is_named_but_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(config=tmp_path / "none.toml")


def test_logins_are_off_until_they_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert not load_settings().auth.enabled
    assert load_settings(config=written(tmp_path, "[auth]\nenabled = true\nattempts = 3\n")).auth.attempts == 3
    monkeypatch.setenv("FUSION_UI_AUTH__ENABLED", "true")
    assert load_settings().auth.enabled


@pytest.mark.parametrize("line", ["attempts = 0", "session_hours = 0", "enabled = 7", "pasword = 1"])
def test_a_mistake_about_logins_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(SettingsError, match=f"auth.{line.split()[0]}"):
        load_settings(config=written(tmp_path, f"[auth]\n{line}\n"))


PERSONAL = ("runs_per_person", "waiting_per_person", "runs_per_hour", "usd_per_day_per_person", "usd_per_day")


def test_somebody_alone_at_one_machine_has_no_limits_but_what_the_machine_bears() -> None:
    limits = load_settings().limits_in_force
    assert [getattr(limits, name) for name in PERSONAL] == [None] * 5
    assert limits.runs_at_once < limits.waiting


@pytest.mark.parametrize("shared", [{"host": "0.0.0.0"}, {"auth": {"enabled": True}}, {"public": True}])
def test_where_others_can_come_nobody_takes_all_and_what_is_configured_stands(shared: dict[str, object]) -> None:
    limits = load_settings(**shared, limits={"runs_per_person": 50}).limits_in_force
    assert limits.runs_per_person == 50
    assert limits.waiting_per_person is not None
    assert limits.runs_per_hour is not None


@pytest.mark.parametrize(
    "place", ["joe:hush@127.0.0.1:1/v1", "hush@127.0.0.1:1/v1", "127.0.0.1:1/v1?key=hush", "127.0.0.1:1/#hush"]
)
def test_no_login_comes_in_with_an_address(place: str) -> None:
    member = {"name": "m", "model": "openai/x", "api_base": f"http://{place}"}
    with pytest.raises(SettingsError, match="in api_key_env instead") as refusal:
        load_settings(members=[member])
    assert "hush" not in str(refusal.value)
