"""Stdout is for results: what libraries write to it underneath is dropped."""

import os

import pytest

from fusion_ui.cli.speech import results_only


def test_what_a_library_writes_to_the_descriptor_is_dropped(capfd: pytest.CaptureFixture[str]) -> None:
    with results_only():
        os.write(1, b"a solver chats\n")
    print("the result")  # noqa: T201
    told = capfd.readouterr()
    assert (told.out, told.err) == ("the result\n", "")


def test_stdout_comes_back_after_trouble(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="trouble"), results_only():
        raise ValueError("trouble")
    os.write(1, b"back\n")
    assert capfd.readouterr().out == "back\n"
