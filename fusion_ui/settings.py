"""What a person configures: `fusion_ui.toml` and FUSION_UI_* variables, checked and explained when wrong.

Keys never stand here: a member names the environment variable that holds its key.
"""

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

DEFAULT_CONFIG = Path("fusion_ui.toml")
DEFAULT_DB = Path("fusion_ui.db")
DEFAULT_PORT = 7860
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


# What may be passed on to a model beside temperature and length. A list of what is allowed, because other names reach
# credentials, headers and addresses, and because a recipe is stored with all of it.
MODEL_EXTRAS = frozenset(
    {
        "top_p", "stop", "presence_penalty", "frequency_penalty", "reasoning_effort", "response_format",
        "logprobs", "top_logprobs",
    }
)  # fmt: skip
PRICE_EXTRAS = ("input_cost_per_token", "output_cost_per_token")


class SettingsError(Exception):
    """The configuration cannot be used; the message names the file, the entry and what to change."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MemberSettings(_Section):
    """One `[[members]]` entry."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    model: Annotated[str, Field(min_length=1)]
    api_base: str | None = None
    api_key_env: Annotated[str | None, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] = None
    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    temperature: Annotated[float | None, Field(ge=0, le=5)] = 0.7
    max_tokens: Annotated[int | None, Field(ge=1)] = None
    extra: dict[str, Any] = Field(default_factory=dict)

    @field_validator("extra")
    @classmethod
    def _is_passed_on(cls, extra: dict[str, Any]) -> dict[str, Any]:
        refused = sorted(extra.keys() - MODEL_EXTRAS - set(PRICE_EXTRAS))
        if refused:
            raise ValueError(f"{refused[0]} is not passed on. Allowed: {', '.join(sorted(MODEL_EXTRAS))}, and prices")
        return extra

    @field_validator("api_base")
    @classmethod
    def _is_http(cls, base: str | None) -> str | None:
        if base is not None and not base.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        # The address is stored with every run, and shown.
        if base is not None and re.search(r"//[^/]*@|[?#]", base):
            raise ValueError("holds a login or a query. Name the variable that holds the key in api_key_env instead")
        return base


class RoleSettings(_Section):
    """`[judge]` or `[fusor]`: the name of the member that does it."""

    member: str


class RunSettings(_Section):
    """`[run]`: what Compare starts from; each can be changed on the page or the command line."""

    preset: Literal["quick", "balanced", "careful", "asc", "certificate", "fixed"] = "balanced"
    n: Annotated[int, Field(ge=1, le=100)] = 16
    parallelism: Annotated[int, Field(ge=1, le=100)] = 8
    selector: Literal["judge-pairs", "judge-scores", "consensus", "vote"] | None = None
    budget_usd: Annotated[float | None, Field(gt=0)] = None
    budget_tokens: Annotated[int | None, Field(gt=0)] = None
    budget_seconds: Annotated[float | None, Field(gt=0)] = None
    ask_for_answer_line: bool = True


class AuthSettings(_Section):
    """`[auth]`: off for one person at one machine; on, everybody logs in and roles are enforced."""

    enabled: bool = False
    session_hours: Annotated[float, Field(gt=0, le=24 * 366)] = 24 * 7
    secure_cookie: bool | None = None  # None: wherever the page itself came by https
    attempts: Annotated[int, Field(ge=1, le=100)] = 5  # wrong passwords for one name from one address ...
    attempt_minutes: Annotated[float, Field(gt=0, le=24 * 60)] = 15  # ... within this time
    invitation_days: Annotated[float, Field(gt=0, le=366)] = 14


class LimitSettings(_Section):
    """`[limits]`: what may be taken of one app. None is no limit; see `Settings.limits_in_force`."""

    runs_at_once: Annotated[int, Field(ge=1, le=1_000)] = 16
    waiting: Annotated[int, Field(ge=0, le=10_000)] = 200
    runs_per_person: Annotated[int | None, Field(ge=1)] = None  # at once
    waiting_per_person: Annotated[int | None, Field(ge=0)] = None
    runs_per_hour: Annotated[int | None, Field(ge=1)] = None  # of one person
    usd_per_day_per_person: Annotated[float | None, Field(gt=0, allow_inf_nan=False)] = None
    usd_per_day: Annotated[float | None, Field(gt=0, allow_inf_nan=False)] = None  # of all together


# Of one person, where an app is open to several: a few comparisons side by side, and a new one each minute for hours.
SHARED_LIMITS = {"runs_per_person": 4, "waiting_per_person": 8, "runs_per_hour": 120}


class Settings(BaseSettings):
    """Everything configured; `load_settings` says what outranks what. No .env file is ever read."""

    model_config = SettingsConfigDict(env_prefix="FUSION_UI_", env_nested_delimiter="__", extra="forbid", frozen=True)

    config: Path | None = None
    db: Path = DEFAULT_DB
    public: bool = False  # a demo for strangers: one page, own runs only, nothing configured or read from outside
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = DEFAULT_PORT
    allowed_hosts: tuple[str, ...] = ()  # names that lead here, beside those of this machine: see `ui.hosts`
    embed_in: tuple[str, ...] = ()  # origins whose pages may show this app in a frame
    demo_speed: Annotated[float, Field(ge=0, le=100)] = 1.0
    taxonomy: Path | None = None  # classes of flaws; None: those that ship with the app
    members: tuple[MemberSettings, ...] = ()
    judge: RoleSettings | None = None
    fusor: RoleSettings | None = None
    run: RunSettings = RunSettings()
    auth: AuthSettings = AuthSettings()
    limits: LimitSettings = LimitSettings()

    @field_validator("allowed_hosts")
    @classmethod
    def _are_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not re.fullmatch(r"[A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\]", name):
                raise ValueError(f"{name!r} is no host: write names as in fusion.example, without scheme, port or path")
        return names

    @model_validator(mode="after")
    def _is_public_or_has_logins(self) -> "Settings":
        if self.public and self.auth.enabled:
            raise ValueError("a public demo has visitors and no accounts: leave out either public or [auth]")
        return self

    @model_validator(mode="after")
    def _names_fit(self) -> "Settings":
        names = [member.name for member in self.members]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two members are called {twice[0]!r}: every member needs a name of its own")
        for role, chosen in (("judge", self.judge), ("fusor", self.fusor)):
            if chosen is not None and chosen.member not in names:
                known = ", ".join(names) or "none are configured"
                raise ValueError(f"[{role}] names {chosen.member!r}, which is no member (members: {known})")
        return self

    @property
    def limits_in_force(self) -> LimitSettings:
        """The limits as configured; those of a person are on unless one person alone can reach the app."""
        if self.host in LOOPBACK and not self.auth.enabled and not self.public:
            return self.limits
        left_out = {name: limit for name, limit in SHARED_LIMITS.items() if getattr(self.limits, name) is None}
        return self.limits.model_copy(update=left_out)


def load_settings(**overrides: Any) -> Settings:
    """The settings from the file, over it the environment, over that the command line; overrides of None do not count.

    Raises SettingsError with words for the person who wrote the file.
    """
    given = {name: setting for name, setting in overrides.items() if setting is not None}
    named = given.get("config") or os.environ.get("FUSION_UI_CONFIG")
    path = Path(named) if named else DEFAULT_CONFIG
    from_file = _read(path) if named or path.is_file() else {}

    class Layered(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            del dotenv_settings, file_secret_settings
            return init_settings, env_settings, InitSettingsSource(settings_cls, init_kwargs=from_file)

    try:
        return Layered(**given | {"config": path if from_file else None})
    except ValidationError as error:
        raise SettingsError(f"{path if from_file else 'settings'}: {_explained(error)}") from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}). Check --config or FUSION_UI_CONFIG.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: is not valid TOML ({error}).") from None


def _explained(error: ValidationError) -> str:
    lines = []
    for problem in error.errors(include_url=False, include_context=False):
        place = ".".join(str(part + 1) if isinstance(part, int) else part for part in problem["loc"])
        lines.append(f"{place}: {problem['msg'].removeprefix('Value error, ')}" if place else problem["msg"])
    return "; ".join(lines)
