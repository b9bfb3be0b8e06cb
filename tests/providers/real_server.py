"""A real inference server with a tiny model of random weights: installed, built and started here, nothing downloaded
but packages. The slow tests share it through the fixture `tiny_server`.

It lives in FUSION_UI_TINY_SERVER (default: a folder under the system's temporary one), where a second run finds it.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

PACKAGES = ("torch==2.13.0", "transformers[serving]==5.23.0", "accelerate==1.15.0")
LONGEST_START_S = 180.0

# Random weights choose words at random: readable, endless and different from draw to draw.
BUILD = """
import sys
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

words = ["<unk>", "<s>", "</s>", "The", "final", "answer", "is", "because", "we", "add", "and", "then", "so", "."]
words += [str(number) for number in range(100)] + [f"word{number}" for number in range(142)]
tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(words)}, unk_token="<unk>"))
tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>",
                               pad_token="</s>")
fast.chat_template = "{% for m in messages %}{{ m['role'] }} : {{ m['content'] }} {% endfor %}assistant :"
torch.manual_seed(7)
config = LlamaConfig(vocab_size=len(words), hidden_size=64, intermediate_size=128, num_hidden_layers=2,
                     num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=8192, bos_token_id=1,
                     eos_token_id=2, pad_token_id=2)
model = LlamaForCausalLM(config)
model.generation_config = GenerationConfig(do_sample=True, temperature=1.0, bos_token_id=1, eos_token_id=2,
                                           pad_token_id=2)
model.save_pretrained(sys.argv[1])
fast.save_pretrained(sys.argv[1])
"""


class TinyServer(NamedTuple):
    """Where it listens, and what a member calls its model."""

    api_base: str
    model: str


@contextmanager
def tiny_server() -> Iterator[TinyServer]:
    """The server while the context is open; installs and builds it where that has not been done."""
    folder = _folder()
    python, model = _installed(folder), folder / "model"
    if not (model / "tokenizer.json").exists():
        _run(python, "-c", BUILD, str(model))
    port = _free_port()
    offline = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "home"), "OMP_NUM_THREADS": "2"}
    command = [str(python.with_name("transformers")), "serve", str(model), "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "server.log").open("w", encoding="utf-8") as log:
        running = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=offline)
        try:
            _wait_until_up(running, f"http://127.0.0.1:{port}/health", folder / "server.log")
            yield TinyServer(api_base=f"http://127.0.0.1:{port}/v1", model=f"openai/{model}")
        finally:
            running.terminate()
            try:
                running.wait(10)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait(10)


def _folder() -> Path:
    named = os.environ.get("FUSION_UI_TINY_SERVER")
    folder = Path(named) if named else Path(tempfile.gettempdir()) / "fusion-ui-tiny-server"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _installed(folder: Path) -> Path:
    """The Python of the server's own environment; the stamp is written last, so half an installation is redone."""
    python, stamp = folder / "venv" / "bin" / "python", folder / "installed.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8").split() != list(PACKAGES):
        _run(Path(sys.executable), "-m", "venv", "--clear", str(folder / "venv"))
        _run(python, "-m", "pip", "install", "--quiet", *PACKAGES)
        stamp.write_text("\n".join(PACKAGES), encoding="utf-8")
    return python


def _run(*command: str | Path) -> None:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, f"{command[:4]} failed:\n{ended.stderr[-2000:]}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(running: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    give_up_at = time.monotonic() + LONGEST_START_S
    while time.monotonic() < give_up_at and running.poll() is None:
        try:
            with urlopen(address, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"the tiny server did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")
