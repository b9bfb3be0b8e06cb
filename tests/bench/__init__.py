"""Speed as ratios against a named reference in the same run: `python -m tests.bench.<name>`. Never a timed test."""
