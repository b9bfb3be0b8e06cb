"""Flaws as rows: those marked in studies, those marked on runs, and those that models suggest, told apart by source."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from fusion_ui.exchange.table_files import columns_of
from fusion_ui.exports.scopes import Scope
from storage.provenance import known_flaws
from storage.rows import Reader

COLUMNS = columns_of(
    """flaw_id source kind study_id item run_id prompt output_id role member model text_sha256 rater rating_id
    category severity start end quote note taxonomy_id taxonomy_version supersedes is_standing is_excluded marked_at""",
    whole="item start end",
    flag="is_standing is_excluded",
)
_AS_THEY_ARE = """source kind study_id run_id prompt output_id role member model rater rating_id category severity start
    end note taxonomy_id taxonomy_version supersedes is_standing is_excluded""".split()


def flaw_rows(reader: Reader, scope: Scope) -> Iterator[dict[str, Any]]:
    """Every flaw, superseded and excluded ones included; offsets are those of the text with that hash."""
    for flaw in known_flaws(reader, study_ids=scope.study_ids, run_ids=scope.run_ids):
        yield {name: getattr(flaw, name) for name in _AS_THEY_ARE} | {
            "flaw_id": flaw.id,
            "item": flaw.unit_place,
            "text_sha256": sha256(flaw.text.encode()).hexdigest(),
            "quote": flaw.text[flaw.start : flaw.end] if flaw.start is not None else "",
            "marked_at": flaw.created_at,
        }
