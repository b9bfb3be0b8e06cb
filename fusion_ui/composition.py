"""Where the parts are put together: the only place, below `app.py` and the command line, that picks providers."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from fusion_ui.annotation.sessions import Sessions
from fusion_ui.annotation.studies import Studies
from fusion_ui.demo.pack import DemoPack, Scripted, load_pack
from fusion_ui.desk import SCRIPTED, Desk
from fusion_ui.engine.sampling import Request
from fusion_ui.engine.values import Member
from fusion_ui.exports.exports import Exports
from fusion_ui.imports.importer import Imports
from fusion_ui.inspection.cases import Cases
from fusion_ui.inspection.flaws import Flaws
from fusion_ui.inspection.index import Index
from fusion_ui.inspection.patterns import Patterns
from fusion_ui.inspection.voices import Voices
from fusion_ui.lab import FigureKind, Lab, Report
from fusion_ui.people import People
from fusion_ui.preferences.analyses import Analyses
from fusion_ui.providers.math_verify import MathVerifyChecker
from fusion_ui.providers.routing import HeavySampler, RoutingSampler
from fusion_ui.providers.scripted import Script, ScriptedSampler
from fusion_ui.recipes import member_of
from fusion_ui.services import Services
from fusion_ui.settings import Settings
from fusion_ui.studies.taxonomy import load_taxonomy
from storage.connection import open_store


@contextmanager
def composed(settings: Settings) -> Iterator[Services]:
    """The services of these settings. Call their `close` on the loop that used them; the store closes here."""
    pack, taxonomy = load_pack(), load_taxonomy(settings.taxonomy)
    sampler = RoutingSampler({SCRIPTED: scripted_sampler(pack, speed=settings.demo_speed)}, _real_models)
    checker = MathVerifyChecker()

    async def close() -> None:
        await checker.aclose()
        sampler.close()

    with open_store(settings.db) as store:
        yield Services(
            store=store,
            desk=Desk(store, sampler, checker, limits=settings.limits_in_force),
            lab=Lab(store, figure=_figure),
            index=Index(store, taxonomy=taxonomy),
            voices=Voices(store),
            cases=Cases(store),
            flaws=Flaws(store, taxonomy=taxonomy, sampler=sampler, judges=_judges(settings, pack)),
            patterns=Patterns(store, taxonomy=taxonomy),
            sessions=Sessions(store, taxonomy=taxonomy),
            studies=Studies(store),
            analyses=Analyses(store, figure=_preference_figure),
            imports=Imports(store, checker=checker),
            exports=Exports(store, taxonomy=taxonomy),
            people=People(store, settings.auth),
            sampler=sampler,
            pack=pack,
            settings=settings,
            keys=os.environ,
            warm_up=sampler.warm_up,
            close=close,
        )


def _judges(settings: Settings, pack: DemoPack) -> tuple[Member, ...]:
    """Who may be asked for flaws: the judge first, then the other members; the demo's where none is configured."""
    judge = settings.judge.member if settings.judge else None
    members = sorted(settings.members, key=lambda member: member.name != judge)
    return tuple(member_of(member) for member in members) or pack.members


def scripted_sampler(pack: DemoPack, *, speed: float) -> ScriptedSampler:
    """The demo's members; `speed` scales every delay, 0 makes them instant."""

    def play(request: Request) -> Script:
        return _script(pack.choose(request))

    return ScriptedSampler(play, speed=speed)


def _script(chosen: Scripted) -> Script:
    return Script(
        text=chosen.text,
        thought=chosen.thought,
        note=chosen.note,
        first_token_ms=chosen.first_token_ms,
        tokens_per_second=chosen.tokens_per_second,
        failure=chosen.failure,
    )


def _real_models() -> HeavySampler:
    # Imported when a real model is first asked: LiteLLM takes seconds and 165 MB, and a demo never needs it.
    from fusion_ui.providers.litellm import LiteLLMSampler

    return LiteLLMSampler(environ=os.environ)


def _preference_figure(analysis: Mapping[str, Any], name: str, kind: FigureKind) -> bytes:
    """A part of an analysis as a figure; see `_figure`."""
    from fusion_ui.figures.preferences import preference_figure

    return preference_figure(analysis, name, kind)


def _figure(report: Report, kind: FigureKind) -> bytes:
    """A report as a figure. Matplotlib takes a second to import, and most people never ask for one."""
    from fusion_ui.figures.figure import figure_of

    return figure_of(report, format=kind)
