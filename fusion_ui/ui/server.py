"""The web server: Gradio's pages mounted beside our own endpoints and files, all behind the same guards."""

import asyncio
import ctypes
import gc
import os
import warnings
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from threading import Event

# Read by Gradio when it is imported: no analytics, and no per-event summary that grows with the age of the server.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "200"
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000"
# Gradio asks matplotlib for its backend at the first call of a handler; named here, pyplot need not be imported for it.
os.environ["MPLBACKEND"] = "agg"

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.cors import CORSMiddleware

from fusion_ui.services import Services
from fusion_ui.ui.access import Access
from fusion_ui.ui.endpoints import add_endpoints
from fusion_ui.ui.guards import Guards
from fusion_ui.ui.hosts import Hosts
from fusion_ui.ui.login import DOOR_PAGE, add_login
from fusion_ui.ui.pages import analyse, compare, data, inspect, lab, rate, setup, studies
from fusion_ui.ui.shell import THEME, head
from fusion_ui.ui.visiting import Visiting

warnings.filterwarnings("ignore", "SSR mode is not supported")  # said although it is switched off below

STATIC = Path(__file__).parent / "static"
# Most of them wait for a turn to write; with as many as there are cores, screens would wait behind these.
_THREADS = 32
_M_ARENA_MAX = -8  # of glibc's malloc.h
_SHEETS = ("lab.css", "studies.css", "inspect.css", "case.css", "case_tabs.css", "analyse.css", "data.css")


def build_app(services: Services) -> FastAPI:
    """The whole web application over these services."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS))
        warming, is_over = asyncio.create_task(services.warm_up()), Event()
        working = asyncio.create_task(asyncio.to_thread(services.work_ahead, is_over))
        yield
        warming.cancel()
        is_over.set()
        await asyncio.gather(working, return_exceptions=True)
        await services.close()

    settings = services.settings
    app = FastAPI(title="Fusion UI", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    if settings.public:
        app.add_middleware(Visiting, is_embedded=bool(settings.embed_in))
    else:
        app.add_middleware(Access, people=services.people, door_page=DOOR_PAGE)
    app.add_middleware(Guards, embedders=settings.embed_in)
    # Our own CORS layer makes Gradio leave its own out, which would answer to any origin.
    app.add_middleware(CORSMiddleware, allow_origins=list(settings.embed_in))
    app.add_middleware(Hosts, settings=settings)
    app.mount("/fx", StaticFiles(directory=STATIC))
    add_login(app, services.people)
    add_endpoints(app, services)
    if not settings.public:
        app.add_api_route("/rate", _to_rate, methods=["GET", "HEAD"])
        # An app of its own: what Gradio tells a browser of one page holds every page of the same app.
        _mount(app, rate_pages(services), path="/rate", sheets=("rate.css",))
    _mount(app, pages(services), path="/", sheets=_SHEETS)
    return app


def _to_rate(request: Request) -> RedirectResponse:
    """A mount answers only below its path; without this the owner's app would be asked."""
    return RedirectResponse(f"/rate/?{request.url.query}".removesuffix("?"))


def _mount(app: FastAPI, blocks: gr.Blocks, *, path: str, sheets: Sequence[str]) -> None:
    gr.mount_gradio_app(
        app,
        blocks,
        path=path,
        theme=THEME,
        head=head(*sheets),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        max_file_size="1mb",
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )


def rate_pages(services: Services) -> gr.Blocks:
    """The raters' page."""
    blocks: gr.Blocks
    with gr.Blocks(title="Rate", fill_width=True, analytics_enabled=False) as blocks:
        rate.build(blocks, services)
    blocks.queue(default_concurrency_limit=None, max_size=200, api_open=False)
    return blocks


def pages(services: Services) -> gr.Blocks:
    """The owner's pages, one route each; of a public demo the first one."""
    blocks: gr.Blocks
    with gr.Blocks(title="Fusion UI", fill_width=True, analytics_enabled=False) as blocks:
        compare.build(blocks, services)
    if not services.settings.public:
        _add_owners_pages(blocks, services)
    blocks.queue(default_concurrency_limit=None, max_size=200, api_open=False)
    return blocks


def _add_owners_pages(blocks: gr.Blocks, services: Services) -> None:
    with blocks.route("Inspect", "inspect", show_in_navbar=False):
        inspect.build()
    with blocks.route("Studies", "studies", show_in_navbar=False):
        studies.build()
    with blocks.route("Analyse", "analyse", show_in_navbar=False):
        analyse.build()
    with blocks.route("Lab", "lab", show_in_navbar=False):
        lab.build()
    with blocks.route("Data", "data", show_in_navbar=False):
        data.build()
    with blocks.route("Setup", "setup", show_in_navbar=False):
        setup.build(services)


def _share_heaps() -> None:
    """Have all threads share two heaps. glibc gives out eight a core and takes little of them back, so that a server
    under load grows for as long as its threads take turns in what is large. Elsewhere there is nothing to set.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


def _spare_what_is_loaded() -> None:
    """Have collections pass over what is loaded by now. It stays anyway, and each full one would walk through all of it
    and stop every screen and save for a third of a second, several times a minute under load.
    """
    gc.collect()
    gc.freeze()


def serve(services: Services) -> None:
    """Serve until interrupted."""
    _share_heaps()
    settings = services.settings
    app = build_app(services)
    _spare_what_is_loaded()
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        timeout_graceful_shutdown=3,
        timeout_keep_alive=75,  # longer than people think about an item: a request must not meet a closing connection
        server_header=False,
    )
