"""`python -m fusion_ui`."""

from fusion_ui.cli import app

if __name__ == "__main__":
    app(prog_name="python -m fusion_ui")
