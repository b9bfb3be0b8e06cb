"""The sample study's prompts with a fused and a picked answer each, written for this project or said by its demo."""

from importlib.resources import files


def sample_study() -> str:
    """The sample as JSON lines, as a study takes them in."""
    return files("fusion_ui.demo").joinpath("sample_study.jsonl").read_text(encoding="utf-8")
