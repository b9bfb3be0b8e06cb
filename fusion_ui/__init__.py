"""Fusion UI: pick the best of N answers, fuse them, vote on them — side by side, from one pool."""

__version__ = "0.1.0"
