"""Units, sources and contenders with short names, for the tests of annotation rules."""

from fusion_ui.studies.items import ItemSource
from fusion_ui.studies.protocol import Contender, Role, Unit


def contender(role: Role = "fusion", *, text: str | None = None, output_id: str = "") -> Contender:
    words = f"what {role} says" if text is None else text
    return Contender(output_id=output_id or f"o-{role}", role=role, text=words)


def source(run_id: str = "run", *, prompt: str = "", **texts: str) -> ItemSource:
    """A run with one output for each role named, of this text."""
    roles: dict[str, Role] = {"fusion": "fusion", "best": "best", "vote": "vote", "single": "single"}
    outputs = {
        roles[role]: contender(roles[role], text=text, output_id=f"{run_id}-{role}") for role, text in texts.items()
    }
    return ItemSource(run_id=run_id, prompt=prompt or f"prompt of {run_id}", outputs=outputs)


def unit(place: int = 0, *, roles: tuple[Role, ...] = ("fusion", "best"), **fields: object) -> Unit:
    return Unit(
        place=place,
        run_id=f"run {place}",
        prompt=f"prompt {place}",
        contenders=tuple(contender(role, output_id=f"{place}-{role}") for role in roles),
        **fields,  # type: ignore[arg-type]
    )
