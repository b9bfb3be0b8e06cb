"""A copy of the database for others to look at: consistent, without what is secret or only ours, and free to change.

What was dropped is not in the file any more: it is written anew. The app itself refuses to open such a copy.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from storage.errors import StorageError, plain_words
from storage.rows import Json, json_text

# What is secret, what was not said yet, and the index of cases, which speaks in hashes of words and in marks.
_DROPPED = (
    "session_ends", "sessions", "invitation_uses", "invitations", "passwords", "disablings", "login_attempts",
    "drafts", "leases", "run_visitors", "run_askers", "paid_elsewhere", "users", "prompt_words", "answer_words",
    "note_words", "case_notes", "cases", "case_labels", "stale_runs",
)  # fmt: skip
_VIEWS = {
    "readable_runs": """SELECT runs.id AS run_id, started_at, ended, origin, prompts.text AS prompt, prompts.language,
    prompts.reference, best.text AS best_of_n, fusion.text AS fused, selector, stops.reason AS stop, stops.draws,
    outcomes.cost_usd, outcomes.duration_ms, runs.seed, recipes.body AS recipe
    FROM runs JOIN prompts ON prompts.id = prompt_id JOIN recipes ON recipes.id = recipe_id
    LEFT JOIN outcomes ON outcomes.run_id = runs.id LEFT JOIN stops ON stops.run_id = runs.id
    LEFT JOIN selections ON selections.run_id = runs.id LEFT JOIN outputs AS best ON best.id = selections.output_id
    LEFT JOIN outputs AS fusion ON fusion.run_id = runs.id AND fusion.role = 'fusion'""",
    "readable_judgements": """SELECT said.id AS judgement_id, studies.title AS study, said.study_id, said.unit_place,
    unit.prompt, raters.name AS rater, said.kind, said.verdict, said.role AS preferred, shown.member, shown.text,
    said.strength, json_extract(said.body, '$.note') AS note, said.active_seconds, said.is_too_fast,
    said.is_after_reveal, trials.shown_order, said.revision,
    NOT EXISTS (SELECT 1 FROM trial_ratings AS later WHERE later.supersedes = said.id) AS is_standing,
    unit.run_id, said.created_at
    FROM trial_ratings AS said JOIN trials ON trials.id = said.trial_id JOIN studies ON studies.id = said.study_id
    JOIN raters ON raters.id = said.rater_id
    JOIN study_units AS unit ON unit.study_id = said.study_id AND unit.place = said.unit_place
    LEFT JOIN contenders AS shown ON shown.study_id = said.study_id AND shown.unit_place = said.unit_place
        AND shown.output_id = said.output_id AND shown.role = said.role""",
    "readable_ratings": """SELECT ratings.id AS rating_id, ratings.run_id, prompts.text AS prompt, raters.name AS rater,
    verdict, ratings.role AS preferred, outputs.member, outputs.text, note, names_visible,
    NOT EXISTS (SELECT 1 FROM ratings AS later WHERE later.supersedes = ratings.id) AS is_standing, ratings.created_at
    FROM ratings JOIN runs ON runs.id = ratings.run_id JOIN prompts ON prompts.id = prompt_id
    JOIN raters ON raters.id = rater_id LEFT JOIN outputs ON outputs.id = output_id""",
    "readable_flaws": """SELECT flaws.id AS flaw_id, 'study' AS source, raters.name AS rater, category, severity,
    substr(shown.text, span_start + 1, span_end - span_start) AS quote, flaws.note, flaws.role, shown.member,
    unit.prompt, flaws.study_id, unit.run_id, said.created_at
    FROM flaws JOIN trial_ratings AS said ON said.id = rating_id JOIN raters ON raters.id = said.rater_id
    JOIN study_units AS unit ON unit.study_id = flaws.study_id AND unit.place = flaws.unit_place
    JOIN contenders AS shown ON shown.study_id = flaws.study_id AND shown.unit_place = flaws.unit_place
        AND shown.output_id = flaws.output_id AND shown.role = flaws.role
    UNION ALL SELECT run_flaws.id, 'run', raters.name, category, severity,
    substr(outputs.text, span_start + 1, span_end - span_start), run_flaws.note, outputs.role, outputs.member,
    prompts.text, NULL, run_flaws.run_id, run_flaws.created_at
    FROM run_flaws JOIN raters ON raters.id = rater_id JOIN outputs ON outputs.id = run_flaws.output_id
    JOIN runs ON runs.id = run_flaws.run_id JOIN prompts ON prompts.id = prompt_id
    WHERE NOT is_removed
        AND NOT EXISTS (SELECT 1 FROM run_flaws AS later WHERE later.supersedes = run_flaws.id)""",
}
_SEARCHED = {"prompts": ["text"], "outputs": ["text"], "contenders": ["text"]}


def copy_open(
    source: Path,
    target: Path,
    *,
    is_searchable: bool = False,
    shown: Callable[[Json], Json] = lambda body: body,
) -> None:
    """Makes the file `target`: tables, views that read well, users only by their names, perhaps an index of words.

    `shown` is what may be handed out of a recipe.
    """
    with plain_words(target), closing(_connected(target)) as made:
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as original:
            original.backup(made)
        database = Database(made, execute_plugins=False)
        made.execute("PRAGMA journal_mode = DELETE")  # all of it in one file
        made.execute("BEGIN")
        _strip(database)
        _show_recipes(made, shown)
        for name, sql in _VIEWS.items():
            made.execute(f"CREATE VIEW {name} AS {sql}")
        made.execute("COMMIT")
        made.execute("VACUUM")  # before words are indexed by the numbers of rows, which it may change
        if is_searchable:
            for table, columns in _SEARCHED.items():
                database.table(table).enable_fts(columns)
        _check(made)


def _connected(target: Path) -> sqlite3.Connection:
    target.unlink(missing_ok=True)
    return sqlite3.connect(target, isolation_level=None)


def _strip(database: Database) -> None:
    for name in _named(database, "trigger"):
        database.execute(f"DROP TRIGGER {name}")
    for name in _named(database, "view"):
        database.execute(f"DROP VIEW {name}")
    names = [name for (name,) in database.execute("SELECT name FROM users ORDER BY name").fetchall()]
    for table in _DROPPED:
        database.execute(f"DROP TABLE {table}")
    database.execute("CREATE TABLE users (name TEXT PRIMARY KEY NOT NULL REFERENCES raters (name)) STRICT")
    database.conn.executemany("INSERT INTO users VALUES (?)", [(name,) for name in names])
    database.execute("PRAGMA application_id = 0")


def _show_recipes(made: sqlite3.Connection, shown: Callable[[Json], Json]) -> None:
    bodies = ((key, json.loads(body)) for key, body in made.execute("SELECT id, body FROM recipes"))
    changed = [(json_text(told), key) for key, body in bodies if (told := shown(body)) != body]
    made.executemany("UPDATE recipes SET body = ? WHERE id = ?", changed)


def _named(database: Database, kind: str) -> Sequence[str]:
    return [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = ?", [kind]).fetchall()]


def _check(made: sqlite3.Connection) -> None:
    problems = [row[0] for row in made.execute("PRAGMA integrity_check") if row[0] != "ok"]
    problems += [
        f"{table} points at nothing in {parent}" for table, _, parent, _ in made.execute("PRAGMA foreign_key_check")
    ]
    if problems:
        raise StorageError(f"The copy is not whole: {problems[0]}. Check the database itself, and try again.")
