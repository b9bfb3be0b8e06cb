"""Which cases say a word: documents of words by case and by note, and the texts for what words cannot decide.

Whoever asks cuts and folds words as they were when they were stored; a word here is letters and digits, no quotes.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal, NamedTuple

from storage.rows import FLAG, Reader, Row, Writer

Place = Literal["prompt", "answer", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow(Row):
    """A note of a case by the rating, judgement or flaw that it was written with."""

    table: ClassVar[str] = "case_notes"
    id: int
    case_id: int
    source_id: str
    is_standing: bool = field(metadata=FLAG)


class Note(NamedTuple):
    """A note that stands: what it was written with, and its words."""

    source_id: str
    words: str


class Text(NamedTuple):
    """A text of a case."""

    case_id: int
    place: Place
    text: str


def index_case(writer: Writer, case_id: int, *, prompt: str, answers: str) -> None:
    """Stores the words of a case that has none yet."""
    writer.execute("INSERT INTO prompt_words (rowid, words) VALUES (?, ?)", case_id, prompt)
    writer.execute("INSERT INTO answer_words (rowid, words) VALUES (?, ?)", case_id, answers)


def index_notes(writer: Writer, case_id: int, notes: Sequence[Note]) -> None:
    """Lets these notes of the case stand and no others."""
    known = {row.source_id for row in writer.rows(NoteRow, "WHERE case_id = ?", case_id)}
    for note in notes:
        if note.source_id not in known:
            sql = "INSERT INTO case_notes (case_id, source_id, is_standing) VALUES (?, ?, 1)"
            note_id = writer.execute(sql, case_id, note.source_id).lastrowid
            writer.execute("INSERT INTO note_words (rowid, words) VALUES (?, ?)", note_id, note.words)
    if known:
        standing = json.dumps([note.source_id for note in notes])
        sql = "UPDATE case_notes SET is_standing = source_id IN (SELECT value FROM json_each(?)) WHERE case_id = ?"
        writer.execute(sql, standing, case_id)


def cases_with(reader: Reader, words: Sequence[str], *, place: Place, is_begun: bool) -> str:
    """The ids of cases with all these words in one place, with commas between them; notes count if they stand.

    `is_begun` says that the last word is only the beginning of one.
    """
    # Joined by SQLite: a row each takes five times as long where a word is common.
    found = reader.execute(_FOUND[place], _match(words, is_begun=is_begun))
    return str(found.fetchone()[0])


def texts_of(reader: Reader, case_ids: Sequence[int]) -> Iterator[Text]:
    """The prompts and answers of these cases: each case's prompt, then its answers in order of asking, fusion last."""
    sql = """WITH wanted AS (SELECT cases.id, run_id FROM cases WHERE id IN (SELECT value FROM json_each(?)))
        SELECT wanted.id, 'prompt', prompts.text, -1 AS place FROM wanted JOIN runs ON runs.id = run_id
            JOIN prompts ON prompts.id = prompt_id
        UNION ALL SELECT wanted.id, 'answer', text, coalesce(position, 1000000) FROM wanted JOIN outputs USING (run_id)
        ORDER BY 1, 4"""
    return (Text(*cells[:3]) for cells in reader.execute(sql, json.dumps(list(case_ids))))


def note_texts(reader: Reader, case_ids: Sequence[int]) -> Iterator[Text]:
    """The standing notes of these cases."""
    wanted = "case_id IN (SELECT value FROM json_each(?1)) AND is_standing"
    parts = (
        f"SELECT case_id, 'note', {note} FROM case_notes JOIN {table} ON {table}.{key} = source_id WHERE {wanted}"
        for table, key, note in _SOURCES
    )
    return (Text(*cells) for cells in reader.execute(" UNION ALL ".join(parts), json.dumps(list(case_ids))))


_FOUND: dict[Place, str] = {
    "prompt": "SELECT coalesce(group_concat(rowid), '') FROM prompt_words WHERE prompt_words MATCH ?",
    "answer": "SELECT coalesce(group_concat(rowid), '') FROM answer_words WHERE answer_words MATCH ?",
    "note": """SELECT coalesce(group_concat(DISTINCT case_id), '') FROM case_notes
        WHERE is_standing AND id IN (SELECT rowid FROM note_words WHERE note_words MATCH ?)""",
}
_SOURCES = (
    ("ratings", "id", "ratings.note"),
    ("trial_ratings", "id", "json_extract(trial_ratings.body, '$.note')"),
    ("flaws", "id", "flaws.note"),
    ("run_flaws", "id", "run_flaws.note"),
    ("regroupings", "request_key", "regroupings.note"),
)


def _match(words: Sequence[str], *, is_begun: bool) -> str:
    quoted = [f'"{word}"' for word in words]
    if is_begun:
        quoted[-1] += "*"
    return " AND ".join(quoted)
