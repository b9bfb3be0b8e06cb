"""How long raters were at it."""

from storage.rows import Reader


def active_seconds(reader: Reader, *, study_id: str, rater_id: str) -> tuple[float, ...]:
    """How long this rater was at each trial that they judged, as far as it is known; revisions do not count."""
    sql = """SELECT active_seconds FROM trial_ratings WHERE study_id = ? AND rater_id = ? AND revision = 1
        AND verdict NOT IN ('skip', 'withdrawn') AND active_seconds IS NOT NULL"""
    return tuple(float(seconds) for (seconds,) in reader.execute(sql, study_id, rater_id))
