"""What every peer script shares: one core, and turns on demand.

The benchmark writes a number of repetitions on standard input; the peer does its work so often and answers with the
microseconds that one took.
"""

import os
import sys
import time


def use_one_core():
    """Call it before a library starts its threads."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def serve(step):
    """`step(repeats)` does the work, and returns once it is done."""
    for line in sys.stdin:
        repeats = int(line)
        start = time.perf_counter()
        step(repeats)
        elapsed = time.perf_counter() - start
        print(1e6 * elapsed / repeats, flush=True)


def serve_measured(measured):
    """As `serve`, for work that times itself: `measured()` returns microseconds."""
    for _ in sys.stdin:
        print(measured(), flush=True)
