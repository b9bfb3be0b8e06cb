"""A copy of the whole database to be put on the web or looked into with Datasette, and what its pages say."""

import json
from pathlib import Path
from typing import Any

from fusion_ui import __version__
from fusion_ui.exports.shown_recipes import shown_recipe
from storage.connection import Store
from storage.copies import copy_open

METADATA = "metadata.json"
_TITLE = "Fusion UI: answers of language models, and which of them people prefer"
_VIEWS = {
    "readable_judgements": "What people said of each item of a study, every revision, with names and texts.",
    "readable_ratings": "What people said on the pages of runs, where names are visible.",
    "readable_runs": "Each run with its prompt, the Best-of-N pick and the fused answer.",
    "readable_flaws": "Mistakes that people marked, with the words they marked.",
}
_TABLES = {
    "outputs": "Everything that was shown to people: candidates, and fused answers.",
    "contenders": "Outputs as a study shows them; names may be hidden in them.",
    "trial_ratings": "Judgements in studies; one that is superseded stays.",
    "ratings": "Ratings on the pages of runs; one that is superseded stays.",
    "suggested_flaws": "Flaws that models suggest. Never counted with what people found.",
    "raters": "People who rate, and model judges, whose names begin with “judge: ”.",
    "users": "The names of those with a password, and nothing else.",
}
_LABELS = {"raters": "name", "studies": "title", "prompts": "text"}
_HIGHLIGHTS = {
    "wins_by_role": {
        "title": "Wins by role",
        "description": "Standing judgements of main items. Exclusions are not taken into account here.",
        "sql": "SELECT study, preferred, verdict, count(*) AS judgements FROM readable_judgements "
        "WHERE is_standing AND kind = 'main' AND verdict <> 'withdrawn' GROUP BY 1, 2, 3 ORDER BY 1, 4 DESC",
    }
}


def write_datasette(store: Store, file: Path, *, is_searchable: bool = False) -> Path:
    """Writes the copy to `file`, and beside it what Datasette says of it, whose path is given back."""
    copy_open(store.path, file, is_searchable=is_searchable, shown=shown_recipe)
    beside = file.with_name(f"{file.stem}.{METADATA}")
    beside.write_text(json.dumps(metadata(file.stem), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return beside


def metadata(name: str) -> dict[str, Any]:
    """What Datasette reads with `--metadata`; `name` is that of the database's file."""
    described: dict[str, dict[str, Any]] = {table: {"description": words} for table, words in _TABLES.items()}
    for table, column in _LABELS.items():
        described.setdefault(table, {})["label_column"] = column
    described |= {view: {"description": words} for view, words in _VIEWS.items()}
    return {
        "title": _TITLE,
        "about": f"Fusion UI {__version__}",
        "databases": {name: {"tables": described, "queries": _HIGHLIGHTS}},
    }
