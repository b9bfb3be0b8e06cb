"""math-verify is asked in a child that can be killed: nothing it does can hang, block or outlive the app."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fusion_ui.engine.answers import Checker, group_key
from fusion_ui.providers.math_verify import MathVerifyChecker

pytestmark = pytest.mark.anyio

HANGS = "99999999!"
ROOT = Path(__file__).parents[2]
needs_proc = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks at processes through /proc")


PATIENT_S = 60.0  # what a question may take on a busy machine
HASTY_S = 0.4


@pytest.fixture
async def checker() -> AsyncIterator[MathVerifyChecker]:
    checker = MathVerifyChecker(limit_seconds=PATIENT_S, start_seconds=PATIENT_S)
    yield checker
    await checker.aclose()


@pytest.fixture
async def hasty() -> AsyncIterator[MathVerifyChecker]:
    """For questions that are never answered."""
    checker = MathVerifyChecker(limit_seconds=HASTY_S, start_seconds=PATIENT_S)
    yield checker
    await checker.aclose()


def children() -> list[int]:
    lists = Path("/proc/self/task").glob("*/children")
    return [int(pid) for children in lists for pid in children.read_text().split()]


def kill_and_wait(pid: int) -> None:
    handle = os.pidfd_open(pid)
    os.kill(pid, signal.SIGKILL)
    select.select([handle], [], [], 10)
    os.close(handle)


def environment_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


async def test_it_tells_what_the_fast_path_leaves_open(checker: Checker) -> None:
    pairs = [("x<3", "3>x"), ("2±√3", r"2+\sqrt{3}, 2-\sqrt{3}"), ("2^{100}", "2^{100}-1"), ("1/2x", "x^{-1}/2")]
    assert [await checker.equivalent(*pair) for pair in pairs] == [True, True, False, True]


async def test_it_gives_the_same_verdict_both_ways_round(checker: Checker) -> None:
    assert await checker.equivalent("x<3", "(-∞, 3)") is await checker.equivalent("(-∞, 3)", "x<3") is True


@pytest.mark.parametrize("text", [HANGS, "9^{9^{9^9}}", r"\binom{9999999}{4999999}"])
async def test_a_hang_ends_at_the_limit_and_the_next_question_is_answered(hasty: MathVerifyChecker, text: str) -> None:
    assert await hasty.equivalent(text, "5") is None
    hasty._limit_seconds = PATIENT_S
    assert await hasty.equivalent("x+x", "2x") is True


async def test_odd_text_is_no_trouble(hasty: Checker) -> None:
    odd = ("", "$", "\0", "\ud800", "\n", '"', "\\" * 600, "(" * 600, "x" * 100_000, "{}" * 300)
    assert True not in [await hasty.equivalent(text, "5") for text in odd]


async def test_the_loop_goes_on_while_a_question_hangs(hasty: MathVerifyChecker) -> None:
    question = asyncio.ensure_future(hasty.equivalent(HANGS, "5"))
    turns = 0
    while not question.done():
        await asyncio.wait([question], timeout=0.005)
        turns += 1
    assert turns >= 10


async def test_many_may_ask_at_once(checker: Checker) -> None:
    verdicts = await asyncio.gather(*(checker.equivalent(f"{n}+x", f"x+{n % 2}") for n in range(4)))
    assert verdicts == [True, True, False, False]


async def test_a_verdict_is_remembered(hasty: MathVerifyChecker) -> None:
    first = await hasty.equivalent(HANGS, "5")
    hasty._limit_seconds = PATIENT_S  # asked again, it would hang until then
    assert await asyncio.wait_for(hasty.equivalent("5", HANGS), PATIENT_S / 2) is first is None


async def test_no_more_verdicts_are_remembered_than_allowed() -> None:
    checker = MathVerifyChecker(limit_seconds=PATIENT_S, most_remembered=2)
    for n in range(4):
        await checker.equivalent(f"{n}x", "x")
    assert len(checker._verdicts) == 2
    await checker.aclose()


async def test_the_start_is_not_counted_against_the_question() -> None:
    checker = MathVerifyChecker(limit_seconds=0.001, start_seconds=PATIENT_S)  # less than importing sympy takes
    assert checker._warm_child() is not None
    await checker.aclose()


async def test_a_child_that_never_gets_ready_makes_every_answer_unknown() -> None:
    checker = MathVerifyChecker(start_seconds=0.001)
    assert [await checker.equivalent(f"{n}", "x") for n in range(5)] == [None] * 5
    await checker.aclose()


async def test_closing_answers_what_is_waiting_and_what_comes_after() -> None:
    checker = MathVerifyChecker(limit_seconds=PATIENT_S)
    await checker.equivalent("1", "2")
    waiting = [asyncio.ensure_future(checker.equivalent(HANGS, f"{n}")) for n in range(3)]
    await asyncio.wait(waiting, timeout=0.05)
    await checker.aclose()
    assert [await question for question in waiting] == [None] * 3
    assert await checker.equivalent("3", "4") is None


async def test_a_question_given_up_does_not_spoil_the_next(hasty: MathVerifyChecker) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(hasty.equivalent(HANGS, "5"), 0.05)
    await hasty.equivalent(HANGS, "6")
    hasty._limit_seconds = PATIENT_S
    assert await hasty.equivalent("x+x", "2x") is True


async def test_a_question_asked_twice_at_once_is_answered_once(hasty: MathVerifyChecker) -> None:
    first, *others = (asyncio.ensure_future(hasty.equivalent(HANGS, "5")) for _ in range(6))
    assert await first is None
    hasty._limit_seconds = PATIENT_S  # asked once more, it would hang until then
    assert await asyncio.wait_for(asyncio.gather(*others), PATIENT_S / 2) == [None] * 5


@needs_proc
async def test_a_child_that_died_is_replaced(checker: Checker) -> None:
    before = set(children())
    await checker.equivalent("1", "2")
    (child,) = set(children()) - before
    kill_and_wait(child)
    assert await checker.equivalent("x+x", "2x") is None
    assert await checker.equivalent("x+x+x", "3x") is True


async def test_where_no_child_can_be_started_every_answer_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    checker = MathVerifyChecker()
    assert await checker.equivalent("1", "2") is None
    await checker.aclose()


async def test_groups_are_formed_with_it(checker: Checker) -> None:
    assert await group_key("3>x", ["5", "x<3"], checker) == "x<3"


@needs_proc
async def test_the_child_holds_no_keys_and_ends_with_the_checker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    before = set(children())
    checker = MathVerifyChecker()
    await checker.equivalent("1", "2")
    (child,) = set(children()) - before
    assert b"sk-very-secret" not in environment_of(child)
    await checker.aclose()
    assert child not in children()


SCRIPT = f"""
import asyncio, sys
sys.path.insert(0, {str(ROOT)!r})
from fusion_ui.providers.math_verify import MathVerifyChecker
print("main", flush=True)
async def ask():
    checker = MathVerifyChecker(limit_seconds=2.0)
    print(await checker.equivalent("x+x", "2x"), {{"math_verify", "sympy"}} & set(sys.modules), flush=True)
    await checker.equivalent("{HANGS}", "5") if "hang" in sys.argv else await checker.aclose()
asyncio.run(ask())
"""


def test_the_main_program_is_not_run_again_and_never_imports_it(tmp_path: Path) -> None:
    script = tmp_path / "heavy_app.py"
    script.write_text(SCRIPT)
    run = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.splitlines() == ["main", "True set()"]


@needs_proc
def test_a_hanging_child_does_not_outlive_a_killed_app(tmp_path: Path) -> None:
    app = subprocess.Popen([sys.executable, "-c", SCRIPT, "hang"], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert app.stdout is not None
    assert [app.stdout.readline(), app.stdout.readline()] == ["main\n", "True set()\n"]
    (child,) = {
        int(pid) for task in Path(f"/proc/{app.pid}/task").glob("*/children") for pid in task.read_text().split()
    }
    handle = os.pidfd_open(child)
    app.kill()
    app.communicate()
    assert select.select([handle], [], [], 10)[0]
    os.close(handle)
