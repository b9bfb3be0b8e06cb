"""The tries at one prompt by one recipe and those that took it up again, and what each of them cost."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from storage.rows import Reader
from storage.run_costs import PAID_USD


class Attempt(NamedTuple):
    """A run and how it ended (None: it is open, or was interrupted); `cost_usd` is of what it asked for itself."""

    run_id: str
    ended: str | None
    cost_usd: float


# A run that takes another up has it for parent and goes by the next recipe; others that began from it are no attempts.
_ATTEMPTS = f"""WITH RECURSIVE tries (id, step) AS (
        SELECT id, 0 FROM runs WHERE prompt_id = ?1 AND parent_run_id IS NULL AND recipe_id = ?2 ->> 0
        UNION ALL SELECT runs.id, step + 1 FROM runs JOIN tries ON parent_run_id = tries.id
            WHERE recipe_id = ?2 ->> (step + 1))
    SELECT runs.id, outcomes.ended, {PAID_USD}
    FROM tries JOIN runs USING (id) LEFT JOIN outcomes ON outcomes.run_id = runs.id ORDER BY runs.rowid"""


def attempts(reader: Reader, *, prompt_id: str, recipe_ids: Sequence[str]) -> tuple[Attempt, ...]:
    """The runs of this prompt by the first of the recipes, and those that took them up by the next, in their order."""
    return tuple(map(Attempt._make, reader.execute(_ATTEMPTS, prompt_id, json.dumps(list(recipe_ids)))))
