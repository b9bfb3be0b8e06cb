"""The guards: triggers that keep our tables insert-only, whoever opens the file.

`INSERT OR REPLACE` deletes without asking a delete trigger unless the connection wants it so; a key that is there
already is therefore refused too. Rebuilding a table drops its triggers silently: lay them anew after each migration.
"""

from sqlite_utils import Database

PREFIX = "guard_"
GUARDED = (
    "prompts", "recipes", "runs", "draws", "outputs", "failures", "stops", "judgements", "selections",
    "fusion_starts", "outcomes", "raters", "ratings", "scores",
    "recordings", "recorded_answers", "replays", "weightings",
    "studies", "study_closings", "study_units", "contenders", "joinings", "trials", "leases", "trial_ratings", "flaws",
    "exclusions", "users", "passwords", "disablings", "invitations", "invitation_uses", "sessions", "session_ends",
    "login_attempts", "flaw_askings", "suggested_flaws", "run_flaws", "regroupings", "source_corrections",
    "run_visitors", "run_askers", "paid_elsewhere",
)  # fmt: skip
"""By name, since people may add tables of their own to the file (a search index, say), which are theirs to change.
Of our own, `drafts` is missing here, which holds what was not said yet and is written over, and so are the tables of
the index of cases, which follow from the others and can be made again at any time."""


def guards(database: Database) -> dict[str, str]:
    """The SQL of every guard that the tables as they stand should have, by name."""
    present = set(database.table_names())
    statements = [sql for table in GUARDED if table in present for sql in _guards_of(database, table)]
    return {sql.split()[2]: sql for sql in statements}


def laid_guards(database: Database) -> dict[str, str]:
    """The SQL of every guard that is really there, by name."""
    found = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name GLOB ?", [f"{PREFIX}*"]
    )
    return dict(found.fetchall())


def lift_guards(database: Database) -> None:
    """Takes all guards away, so that a migration can move rows; for use inside its transaction."""
    for name in laid_guards(database):
        database.execute(f"DROP TRIGGER {name}")


def lay_guards(database: Database) -> None:
    """Lays every guard that should be there, and no other."""
    lift_guards(database)
    for sql in guards(database).values():
        database.execute(sql)


def _guards_of(database: Database, table: str) -> tuple[str, str, str]:
    name = f"{PREFIX}{table}"
    refusal = f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only: add a new row instead'); END"
    taken = f"BEGIN SELECT RAISE(ABORT, '{table} has a row with this key already'); END"
    return (
        f"CREATE TRIGGER {name}_update BEFORE UPDATE ON {table} {refusal}",
        f"CREATE TRIGGER {name}_delete BEFORE DELETE ON {table} {refusal}",
        f"CREATE TRIGGER {name}_insert BEFORE INSERT ON {table} WHEN {_is_taken(database, table)} {taken}",
    )


def _is_taken(database: Database, table: str) -> str:
    indexes = database.table(table).indexes
    keys = {frozenset(index.columns) for index in indexes if index.unique and not index.partial}
    least = sorted(sorted(key) for key in keys if not any(other < key for other in keys))
    return " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(f'{column} = NEW.{column}' for column in key)})"
        for key in least
    )
