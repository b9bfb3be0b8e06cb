"""Where a run's chance comes from: one beginning for seed and prompt, dealt out to the stages that need it."""

from random import Random
from typing import NamedTuple

from fusion_ui.engine.values import Prompt, Recipe


class Chances(NamedTuple):
    """One stream a stage: stages overlap, and none may disturb another's draws."""

    draws: Random
    judges: Random
    ties: Random
    fuses: Random


def chance(prompt: Prompt, recipe: Recipe) -> Random:
    """The chance of a run: the same for the same seed and prompt, and unrelated between prompts.

    One seed for a whole set must not break every tie, or choose who draws first, in the same way.
    """
    return Random(f"{recipe.seed} {prompt.text}")


def dealt(rng: Random) -> Chances:
    """The streams of a run that begins with this chance."""
    return Chances(*(Random(rng.getrandbits(64)) for _ in Chances._fields))
