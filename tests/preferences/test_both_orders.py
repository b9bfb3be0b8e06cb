"""A judge that was asked about every pair in both orders, imported as one file with the people who judged the same."""

from pathlib import Path

from typer.testing import CliRunner

from fusion_ui.cli import app
from storage.connection import open_store
from tests.preferences.support import asked

HEADER = "question_id,model_a,model_b,rater,winner"


def lines(prompt: int) -> list[str]:
    """Ann prefers m1; the judge says m1, and of every fourth prompt in the other order m2, which stands first there."""
    second = "model_a" if prompt % 4 == 0 else "model_b"
    return [
        f"q{prompt},m1,m2,ann,model_a",
        f"q{prompt},m1,m2,gpt,model_a",
        f"q{prompt},m2,m1,gpt,{second}",
    ]


def test_flips_of_a_judge_asked_in_both_orders_are_known(tmp_path: Path) -> None:
    file, db = tmp_path / "both.csv", tmp_path / "j.db"
    file.write_text("\n".join([HEADER, *(line for prompt in range(12) for line in lines(prompt))]), encoding="utf-8")
    brought = CliRunner().invoke(app, ["import", str(file), "--judge", "gpt", "--db", str(db)])
    assert brought.exit_code == 0, brought.stderr
    with open_store(db) as store:
        (judge,) = asked(store, by="member")["judges"]
    assert tuple(judge["flips"])[:2] == (3, 12)
    assert tuple(judge["first_place"])[:2] == (15, 24)
    assert tuple(judge["accuracy"])[:2] == (9, 12)  # where it flips it says a tie
