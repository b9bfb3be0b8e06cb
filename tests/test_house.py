"""The house stands as it is drawn: floors, module sizes, and names of things that must not be loaded early."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted([*ROOT.glob("fusion_ui/**/*.py"), *ROOT.glob("storage/**/*.py"), ROOT / "app.py"])


def test_modules_import_only_lower_floors() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(ROOT)))
def test_a_module_fits_on_a_few_screens(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 310


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after this statement."""
    code = f"import sys; {statement}; print(*{{name.split('.')[0] for name in sys.modules}})"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(result.stdout.split())


def test_the_engine_loads_no_screen_no_disk_and_no_vendor() -> None:
    assert not loaded_by("import fusion_ui.engine.pipeline") & {"gradio", "litellm", "sqlite3", "pandas", "math_verify"}


def test_the_command_line_loads_no_screen_and_no_vendor() -> None:
    assert not loaded_by("import fusion_ui.cli") & {"gradio", "litellm", "math_verify"}
