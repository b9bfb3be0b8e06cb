"""An app whose 32 draws write 50 tokens a second each for 20 seconds, for bench_streaming; argument: the port."""

import sys
import tempfile
from pathlib import Path

from fusion_ui.demo.pack import load_pack
from fusion_ui.desk import Desk
from fusion_ui.engine.sampling import Request
from fusion_ui.lab import Lab
from fusion_ui.people import People
from fusion_ui.providers.scripted import Script, ScriptedSampler
from fusion_ui.services import Services
from fusion_ui.settings import AuthSettings, RunSettings, Settings
from fusion_ui.ui.server import serve
from storage.connection import open_store

PARAGRAPH = (
    "Take the sum of the first **hundred** integers, $\\frac{100 \\cdot 101}{2} = 5050$, and subtract the multiples of "
    "three; what is left is the answer, as `sum(n for n in range(101) if n % 3)` shows.\n\n"
    "- one step\n- another step\n\n"
)
SECONDS = 20


def play(request: Request) -> Script:
    text = PARAGRAPH * 40
    return Script(text=text[: SECONDS * 50 * 6] + f"\n\nAnswer: {3366 + request.position % 2}", tokens_per_second=50)


async def _nothing() -> None:
    return


def main(port: int) -> None:
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "bench.db") as store:
        sampler = ScriptedSampler(play)
        services = Services(
            store=store,
            desk=Desk(store, sampler, None),
            lab=Lab(store, figure=lambda _report, _kind: b""),
            people=People(store, AuthSettings()),
            sampler=sampler,
            pack=load_pack(),
            settings=Settings(port=port, run=RunSettings(preset="fixed", n=32, parallelism=32)),
            keys={},
            warm_up=_nothing,
            close=_nothing,
        )
        serve(services)


if __name__ == "__main__":
    main(int(sys.argv[1]))
