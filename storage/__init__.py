"""SQLite through sqlite-utils: insert-only, guarded rows. Knows tables and keys, not what they mean to Fusion UI."""
