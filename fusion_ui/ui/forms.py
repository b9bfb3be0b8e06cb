"""What the composer offers, and what a person entered there as choices for a run."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, NamedTuple

from pydantic import BaseModel, Field, ValidationError, field_validator

from fusion_ui.desk import SCRIPTED
from fusion_ui.recipes import SELECTORS, ChoiceError, Choices, parse_weights
from fusion_ui.services import Services
from fusion_ui.ui.markdown import shown
from fusion_ui.ui.wording import listed

STOP_LABELS = {
    "quick": "Quick",
    "balanced": "Balanced",
    "careful": "Careful",
    "asc": "ASC",
    "certificate": "Certificate",
    "fixed": "Fixed N",
}
STOP_HELP = (
    "Quick, Balanced and Careful stop at a Bayes factor of 10, 30 or 100; ASC at 95 % for the leader over the second; "
    "Certificate at a 5 % error bound that holds however often one looks; Fixed N never stops early."
)
_SELECTOR_LABELS = {
    "vote": "Vote: best of the winning answer",
    "consensus": "Consensus: closest to all others",
    "judge-pairs": "Judge: pairs, both orders",
    "judge-scores": "Judge: one score each",
}
_FUSOR_LABELS = {"extractive": "Extractive (offline, no model)", "none": "No fusion"}
_LANGUAGES = {
    "ar": "العربية",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "hi": "हिन्दी",
    "ja": "日本語",
    "pt": "Português",
    "zh": "中文",
}
_MOST_NAMES = 8
Options = list[tuple[str, str]]


class Entered(BaseModel):
    """The composer's fields, in the order in which they are handed over. A page's fields may be sent by anybody, with
    anything in them, so they are checked like any request.
    """

    prompt: str
    members: tuple[str, ...]
    n: int | None
    preset: str
    selector: str
    fusor: str
    reference: str
    pasted: str
    weights: str
    seed: Annotated[int | None, Field(ge=0, lt=2**31)]
    budget_usd: Annotated[float | None, Field(ge=0, allow_inf_nan=False)]

    @field_validator("seed", "budget_usd", mode="before")
    @classmethod
    def _is_open_when_empty(cls, entered: object) -> object:
        return None if isinstance(entered, str) and not entered.strip() else entered


def entered_of(values: Sequence[object]) -> Entered:
    """What was entered. Raises ChoiceError where a field holds what it cannot."""
    try:
        return Entered(**dict(zip(Entered.model_fields, values, strict=True)))
    except (ValidationError, ValueError) as error:
        problems = error.errors() if isinstance(error, ValidationError) else []
        told = "; ".join(f"{each['loc'][0]}: {each['msg']}" for each in problems) or "fields are missing"
        raise ChoiceError(f"The form cannot be read ({told}). Correct it, or reload the page.") from None


def choices_of(entered: Entered) -> Choices:
    """The choices for a run; an empty budget means none. Raises ChoiceError for weights that cannot be read."""
    return Choices(
        members=entered.members,
        weights=parse_weights(entered.weights),
        n=entered.n,
        preset=entered.preset,
        selector=entered.selector,
        fusor=entered.fusor,
        seed=entered.seed,
        budget_usd=entered.budget_usd or None,
    )


class Offered(NamedTuple):
    """Weights from elsewhere as the composer shows them: the field's text, who is ticked, and what is amiss."""

    weights: str
    members: list[str]
    notice: str


def offered(weights: Mapping[str, float], services: Services) -> Offered:
    """These weights in the composer's fields; a member that is not set up stays in the text, so that it can be renamed
    there, and is named in the notice.
    """
    asked = {name: weight for name, weight in weights.items() if weight}
    known = {member.name for member in services.members}
    missing = [name for name in asked if name not in known]
    return Offered(
        weights=", ".join(f"{name} {weight:.6g}" for name, weight in asked.items()),
        members=[name for name in asked if name in known] or list(services.default_members),
        notice=_not_set_up(missing, is_told_how=not services.settings.public) if missing else "",
    )


def _not_set_up(names: Sequence[str], *, is_told_how: bool) -> str:
    verb = "is" if len(names) == 1 else "are"
    known = [shown(name)[:60] for name in names[:_MOST_NAMES]]
    more = [f"{len(names) - _MOST_NAMES} more"] if len(names) > _MOST_NAMES else []
    told = (
        f"These weights name {listed([*known, *more])}, which {verb} not set up here. Write in Weights what your "
        "members are called"
    )
    if not is_told_how:
        return f"{told}."
    entries = "\n".join(f"[[members]]\nname = {json.dumps(name, ensure_ascii=False)}\nmodel = …" for name in known[:3])
    return f"{told}, or add to fusion_ui.toml, with their models (see Setup), and start the app again:\n{entries}"


def member_options(services: Services) -> Options:
    """Every member, the scripted ones marked as such."""
    return [
        (f"{member.name} (scripted)" if member.model.startswith(SCRIPTED) else member.name, member.name)
        for member in services.members
    ]


def selector_options(services: Services) -> Options:
    """The selectors that can work here: those with a judge only where one is configured."""
    has_judge = services.settings.judge is not None
    return [(_SELECTOR_LABELS[name], name) for name in SELECTORS if has_judge or not name.startswith("judge")]


def fusor_options(services: Services) -> Options:
    """The configured members, and the fusors that need no model."""
    configured = [(member.name, member.name) for member in services.settings.members]
    return [*configured, *((label, name) for name, label in _FUSOR_LABELS.items())]


def example_chips(services: Services) -> list[dict[str, str]]:
    """The demo's prompts as the composer offers them."""
    return [
        {
            "title": example.title,
            "note": example.note,
            "text": example.prompt.text,
            "language": _language(example.prompt.language),
        }
        for example in services.pack.examples
    ]


def _language(code: str | None) -> str:
    """The language's own name for itself; the code where it is not known here."""
    return _LANGUAGES.get((code or "").split("-")[0], code or "")
