"""The services of one case over a real store and desk, as small as a case needs them."""

import asyncio
from collections.abc import Collection
from dataclasses import replace

from fusion_ui.desk import Desk
from fusion_ui.engine.sampling import Sampler
from fusion_ui.inspection.cases import Cases
from fusion_ui.inspection.reruns import Start, asked_of, changed_recipe, refusal_of, rerun_of, retry_of
from fusion_ui.ratings import SavedRating, standing_rating
from fusion_ui.recipes import Choices, recipe_of
from fusion_ui.replay import StoredRun, stored_run
from fusion_ui.settings import load_settings
from storage.connection import Store
from tests.inspection.casework import ANNA, BERT, FUSOR, JUDGE


class CaseDesk:
    """Starts runs and reads cases; see `case_endpoints.CaseServices`."""

    def __init__(self, store: Store, sampler: Sampler) -> None:
        self.cases = Cases(store)
        self.desk = Desk(store, sampler, None)
        self._store = store
        self._settings = load_settings(db=store.path)

    def stored_run(self, run_id: str) -> StoredRun:
        return stored_run(self._store, run_id)

    def rating(self, run: StoredRun, *, rater: str) -> SavedRating | None:
        return standing_rating(self._store, run, rater=rater)

    async def retry(self, run_id: str) -> str:
        return await self._begun(retry_of(await asyncio.to_thread(self.stored_run, run_id)))

    async def rerun(self, run_id: str, choices: Choices) -> str:
        run = await asyncio.to_thread(self.stored_run, run_id)
        asked = replace(asked_of(choices, run.recipe), seed=choices.seed or 99)
        chosen = recipe_of(asked, members=(ANNA, BERT, JUDGE, FUSOR), settings=self._settings)
        return await self._begun(rerun_of(run, changed_recipe(run.recipe, chosen, choices)))

    async def refuse(self, run_id: str, without: Collection[int]) -> str:
        return await self._begun(refusal_of(await asyncio.to_thread(self.stored_run, run_id), without))

    async def _begun(self, start: Start) -> str:
        return await self.desk.start(
            start.prompt,
            start.recipe,
            recorded=start.recorded,
            assigned=start.assigned,
            parent_run_id=start.parent_run_id,
        )
