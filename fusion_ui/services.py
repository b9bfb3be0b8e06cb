"""All that a page or a command may ask for: start and show comparisons, rate them, look at the set-up."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from fusion_ui.analysis.run_path import RunPath, run_path
from fusion_ui.annotation.sessions import Sessions
from fusion_ui.annotation.studies import Studies
from fusion_ui.batch import Batch
from fusion_ui.demo.pack import DemoPack
from fusion_ui.desk import SCRIPTED, Desk
from fusion_ui.engine.sampling import Message, Request, Sampler, reply_of
from fusion_ui.engine.values import Completion, Failure, Member, Prompt, Recipe
from fusion_ui.exchange.candidates import RecordedPool
from fusion_ui.exchange.prompt_lines import MOST_PROMPT_CHARACTERS
from fusion_ui.exports.exports import Exports
from fusion_ui.imports.importer import Imports
from fusion_ui.inspection.cases import Cases
from fusion_ui.inspection.flaws import Flaws
from fusion_ui.inspection.index import Index
from fusion_ui.inspection.patterns import Patterns
from fusion_ui.inspection.reruns import asked_of, changed_recipe, refusal_of, rerun_of, retry_of
from fusion_ui.inspection.voices import Voices
from fusion_ui.lab import Lab
from fusion_ui.people import People
from fusion_ui.preferences.analyses import Analyses
from fusion_ui.ratings import SavedRating, Submission, save_rating, standing_rating, undo_rating
from fusion_ui.recipes import ChoiceError, Choices, member_of, recipe_of
from fusion_ui.replay import Start, StoredRun, load_run, stored_run
from fusion_ui.settings import Settings
from fusion_ui.visitors import Visitors
from storage.connection import Store
from storage.errors import StorageError

_LOG = logging.getLogger(__name__)
_INDEX_STEP_S = 0.5  # what a shutdown may wait for


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberStatus:
    """A member as the set-up page shows it; of a key only whether it is there."""

    member: Member
    is_scripted: bool
    is_key_present: bool | None


class Services:
    """One instance serves every screen; it belongs to the event loop that first starts a run."""

    def __init__(
        self,
        *,
        store: Store,
        desk: Desk,
        lab: Lab,
        index: Index,
        voices: Voices,
        cases: Cases,
        flaws: Flaws,
        patterns: Patterns,
        sessions: Sessions,
        studies: Studies,
        analyses: Analyses,
        imports: Imports,
        exports: Exports,
        people: People,
        sampler: Sampler,
        pack: DemoPack,
        settings: Settings,
        keys: Mapping[str, str],
        warm_up: Callable[[], Awaitable[None]],
        close: Callable[[], Awaitable[None]],
    ) -> None:
        self.desk = desk
        self.lab = lab
        self.index = index
        self.voices = voices
        self.cases = cases
        self.flaws = flaws
        self.patterns = patterns
        self.sessions = sessions
        self.studies = studies
        self.analyses = analyses
        self.imports = imports
        self.exports = exports
        self.people = people
        self.pack = pack
        self.settings = settings
        self.visitors = Visitors(store)
        self._store = store
        self._sampler = sampler
        self._keys = keys
        self._warm_up, self._close = warm_up, close
        self._configured = tuple(member_of(member) for member in settings.members)

    @property
    def members(self) -> tuple[Member, ...]:
        """Everybody who can be asked: the configured members, then the scripted ones."""
        return self._configured + self.pack.members

    @property
    def default_members(self) -> tuple[str, ...]:
        """Who is asked unless a person says otherwise: the configured members, or the demo's where there are none."""
        return tuple(member.name for member in self._configured or self.pack.members)

    @property
    def database(self) -> Path:
        """Where runs and ratings are."""
        return self._store.path

    def recipe(self, choices: Choices) -> Recipe:
        """The recipe of these choices. Raises ChoiceError."""
        is_open = choices.members is None and not choices.weights
        named = replace(choices, members=self.default_members) if is_open else choices
        return recipe_of(_seeded(named), members=self.members, settings=self.settings)

    def prompt(self, text: str, reference: str | None = None) -> Prompt:
        """The prompt of this text; an example's brings its reference, language and tags. Raises ChoiceError."""
        if not text.strip():
            raise ChoiceError("There is no prompt yet: write a question, or choose an example.")
        if len(text) > MOST_PROMPT_CHARACTERS:
            raise ChoiceError(f"The prompt has {len(text)} characters; at most {MOST_PROMPT_CHARACTERS} are taken.")
        example = self.pack.example_of(text)
        if example is not None and reference is None:
            return example.prompt
        return Prompt(text=text.strip(), reference=reference)

    async def compare(self, prompt: Prompt, recipe: Recipe, *, who: str | None = None) -> str:
        """The id of a run, which begins when it is this person's turn; nobody's (None) begins at once.

        Raises ChoiceError where scripted members cannot know the prompt, and OverloadError, as all that begins a run.
        """
        if not recipe.members:
            raise ChoiceError("No member is chosen: tick at least one.")
        self._check_known(prompt, recipe)
        return await self.desk.start(prompt, recipe, who=who)

    def _check_known(self, prompt: Prompt, recipe: Recipe) -> None:
        is_known = self.pack.example_of(prompt.text) is not None
        if not is_known and any(member.model.startswith(SCRIPTED) for member in recipe.members):
            raise ChoiceError(
                "The scripted demo members only know the examples. Choose an example, or untick them and ask a real "
                "model.",
                set_up="Add one to fusion_ui.toml (Setup shows how).",
            )

    def _check_set_up(self, recipe: Recipe) -> None:
        """A recipe that came in with somebody's bundle must not send our keys, or anything, to their addresses."""
        places = {(member.model, member.api_base, member.api_key_env) for member in self.members}
        for member in filter(None, (*recipe.members, recipe.judge, recipe.fusor)):
            is_plain = member.api_base is None and member.api_key_env is None
            if not is_plain and (member.model, member.api_base, member.api_key_env) not in places:
                raise ChoiceError(
                    f"The run asked {member.name!r} at an address or with a key that is not set up here. Run the "
                    "prompt again with members that are.",
                    set_up="Or add that member to fusion_ui.toml as it was.",
                )

    async def compare_recorded(self, pool: RecordedPool, choices: Choices, *, who: str | None = None) -> str:
        """The id of a run over recorded candidates: the same vote, pick, fusion and rating, and nothing is sampled."""
        recipe = self.recorded_recipe(pool, choices)
        return await self.desk.start(pool.prompt, recipe, recorded=pool.recorded, who=who)

    def recorded_recipe(self, pool: RecordedPool, choices: Choices) -> Recipe:
        """The recipe for recorded candidates: all of them, unless a stop preset is chosen."""
        number = len(pool.recorded)
        fitted = replace(choices, n=min(choices.n or number, number), preset=choices.preset or "fixed")
        return replace(recipe_of(_seeded(fitted), members=self.members, settings=self.settings), members=(), system="")

    def batch(self, prompts: Sequence[Prompt], recipe: Recipe, *, budget_usd: float | None = None) -> Batch:
        """These prompts through one recipe, with what is there of it already. Raises ChoiceError; blocks."""
        if not recipe.members:
            raise ChoiceError("No member is chosen: name at least one.")
        for prompt in prompts:
            self._check_known(prompt, recipe)
        self._check_set_up(recipe)
        return Batch(self._store, self.desk, prompts=prompts, recipe=recipe, budget_usd=budget_usd)

    async def retry(self, run_id: str, *, who: str | None = None) -> str:
        """The id of a new run that keeps what finished and asks the same members for the rest; the old run stays."""
        return await self._start(retry_of(await asyncio.to_thread(self.stored_run, run_id)), who)

    async def rerun(self, run_id: str, choices: Choices, *, who: str | None = None) -> str:
        """The id of a new run of the same prompt; what is not chosen stays as it was. Raises ChoiceError."""
        run = await asyncio.to_thread(self.stored_run, run_id)
        chosen = self.recipe(asked_of(choices, run.recipe))
        start = rerun_of(run, changed_recipe(run.recipe, chosen, choices))
        self._check_known(start.prompt, start.recipe)
        return await self._start(start, who)

    async def refuse(self, run_id: str, without: Collection[int], *, who: str | None = None) -> str:
        """The id of a new run that votes on, picks from and fuses the finished candidates but these."""
        return await self._start(refusal_of(await asyncio.to_thread(self.stored_run, run_id), without), who)

    async def _start(self, start: Start, who: str | None) -> str:
        self._check_set_up(start.recipe)
        return await self.desk.begin(start, who=who)

    def run(self, run_id: str) -> StoredRun | None:
        """The run as stored, None if there is none."""
        return load_run(self._store, run_id)

    def stored_run(self, run_id: str) -> StoredRun:
        """The run as stored. Raises NoRunError."""
        return stored_run(self._store, run_id)

    def path(self, run_id: str, *, order: int = 0) -> RunPath:
        """How the vote of a stored run went, in this order of its draws. Raises NoRunError."""
        return run_path(self.stored_run(run_id).view, order=order)

    def rate(self, run_id: str, submission: Submission) -> SavedRating:
        """The rating as saved. Raises RatingError, and storage's errors."""
        return save_rating(self._store, self.stored_run(run_id), submission)

    def undo(self, run_id: str, *, key: str, rater: str) -> SavedRating:
        """The rating after the last save is taken back."""
        return undo_rating(self._store, self.stored_run(run_id), key=key, rater=rater)

    def rating(self, run: StoredRun, *, rater: str) -> SavedRating | None:
        """What this person's rating of the run is."""
        return standing_rating(self._store, run, rater=rater)

    def statuses(self) -> tuple[MemberStatus, ...]:
        """Every member with whether its key is there."""
        return tuple(
            MemberStatus(
                member=member,
                is_scripted=member.model.startswith(SCRIPTED),
                is_key_present=bool(self._keys.get(member.api_key_env)) if member.api_key_env else None,
            )
            for member in self.members
        )

    async def warm_up(self) -> None:
        """Have the real models' library ready before somebody waits for it; nothing where none is configured."""
        if self._configured:
            await self._warm_up()

    def work_ahead(self, is_over: Event) -> None:
        """Index every run that waits, then read what Analyse is asked of if it is there, until it is over; blocks."""
        try:
            while not is_over.is_set() and self.index.refresh(at_most_s=_INDEX_STEP_S).left:
                pass
            if not self.settings.public:
                self.analyses.read_ahead(is_over)
        except StorageError as error:
            _LOG.warning("Indexing and reading rest until Inspect or Analyse is opened: %s", error)

    async def close(self) -> None:
        """End every run under way, stored as interrupted, and let go of the providers."""
        await self.desk.close()
        await self._close()

    async def check(self, name: str) -> Completion | Failure:
        """What one short call to this member comes to."""
        member = next((member for member in self.members if member.name == name), None)
        if member is None:
            return Failure(stage="sampling", kind="model", message=f"There is no member {name[:60]!r}.")
        words = Message(role="user", content="Reply with the single word: ready")
        return await reply_of(
            self._sampler, Request(member=member, messages=(words,), purpose="check", max_tokens=64, is_streamed=False)
        )


def _seeded(choices: Choices) -> Choices:
    """The choices with a seed: a new one each time unless a person gave one."""
    return choices if choices.seed is not None else replace(choices, seed=secrets.randbelow(2**31))
