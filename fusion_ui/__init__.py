"""Fusion UI: pick the best of N answers, fuse them, vote on them — side by side, from one pool."""

import os

# Read by numpy when it is imported. Its threads wait for one another by spinning, and we count in several of our own:
# with both, an analysis takes two to three times as long on two cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.2.0"
