"""What a list over many runs costs: indexing, memory, size of the file, and every kind of question, beside plain scans.

`python -m tests.bench.bench_inspect [runs] [characters a text]`: by default 100 000 runs and 600. The file is made the
first time, in the folder for temporary files, which takes minutes.
"""

import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

from fusion_ui.inspection.finding import FACETS, RANGES, SORTS, sought_of
from fusion_ui.inspection.index import Found, Index
from fusion_ui.studies.taxonomy import load_taxonomy
from fusion_ui.ui.inspection.list_cards import found_card
from fusion_ui.ui.replies import told
from storage.connection import Store, open_store
from tests.bench.many_cases import COMMON, RARE, many_cases

ROUNDS = 5
Pair = tuple[str, str]
_TEXT_BYTES = """SELECT (SELECT sum(length(CAST(text AS BLOB))) FROM outputs)
    + (SELECT sum(length(CAST(text AS BLOB))) FROM prompts)"""
_INDEX = ("cases", "case_labels", "case_notes", "stale_runs", "prompt_words", "answer_words", "note_words")


def main() -> None:
    """Print all of it."""
    given = [int(each) for each in sys.argv[1:]]
    runs, characters = given + [100_000, 600][len(given) :]
    path = Path(tempfile.gettempdir()) / f"fusion_cases_{runs}_{characters}.db"
    with open_store(many_cases(path, runs=runs, characters=characters)) as store:
        index = Index(store, taxonomy=load_taxonomy())
        _time_indexing(index, runs=runs)
        _weigh(store)
        _time_memory(store)
        _time_questions(store, index)


def _time_indexing(index: Index, *, runs: int) -> None:
    begin, done = time.perf_counter(), 0
    while True:
        progress = index.refresh(at_most_s=10.0)
        done += progress.done
        if not progress.left:
            break
        sys.stderr.write(f"{done} of {runs} indexed\n")
    taken = time.perf_counter() - begin
    if done:
        _tell(f"indexing: {done} runs in {taken:.0f} s, {taken / done * 1000:.2f} ms a run")


def _weigh(store: Store) -> None:
    with store.reading() as reader:
        texts = reader.execute(_TEXT_BYTES).fetchone()[0]
        whole = reader.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()[0]
        names = " OR ".join(f"name GLOB '{name}*' OR name GLOB 'sqlite_autoindex_{name}*'" for name in _INDEX)
        index = reader.execute(f"SELECT sum(pgsize) FROM dbstat WHERE {names}").fetchone()[0]
    _tell(f"texts {texts / 1e6:.0f} MB, file {whole / 1e6:.0f} MB = {whole / texts:.3f} x the texts")
    _tell(f"of it the index {index / 1e6:.0f} MB = {index / texts:.3f} x; all else {(whole - index) / texts:.3f} x")


def _time_memory(store: Store) -> None:
    tracemalloc.start()
    begin = time.perf_counter()
    fresh = Index(store, taxonomy=load_taxonomy())
    fresh.find(sought_of([]))
    taken = time.perf_counter() - begin
    kept, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    _tell(f"loading the columns: {taken * 1000:.0f} ms (traced); {kept / 1e6:.1f} MB kept, {most / 1e6:.1f} MB at most")


def _time_questions(store: Store, index: Index) -> None:
    scan = _scans(store)
    page = index.find(sought_of([]))
    filters = dict(_filters(page))
    asked: dict[str, list[Pair]] = {"first page": [], "last page": [("page", str(page.pages))]}
    asked |= {f"{name}={value[:30]}": [(name, value)] for name, value in filters.items()}
    asked |= {"all filters at once": list(filters.items())}
    asked |= {f"sort={sort}": [("sort", sort)] for sort in SORTS}
    asked |= {f"search: {name}": [("q", query)] for name, query in _searches(page).items()}
    for name, pairs in asked.items():
        _time_page(name, index, pairs, scan=scan)
    run_id, searched = page.cases[-1].row.run_id, sought_of([("q", COMMON)])
    for name, sought in {"neighbours": sought_of([]), "neighbours, searched": searched}.items():
        _tell_time(name, _median(lambda sought=sought: index.neighbours(run_id, sought)), scan=scan)  # type: ignore[misc]
    _tell_time("all ids and losses", _median(lambda: index.tallied(sought_of([]))), scan=scan)


def _filters(page: Found) -> Iterator[Pair]:
    """Of each filter the value or range that leaves most cases."""
    for name in FACETS:
        most = max(page.facets[name], key=lambda each: each.cases, default=None)
        if most is not None and most.cases:
            yield name, most.value
    for name in RANGES:
        if (ends := page.ranges[name]) is not None:
            yield name, f"{ends[0]}..{ends[1]}"


def _searches(page: Found) -> dict[str, str]:
    asked = page.cases[0].row.prompt.split()[0]
    return {
        "a rare word": RARE, "a common word": COMMON, "two common words": f"{COMMON} result", "no such word": "qqqqqq",
        "a beginning": "an*", "Chinese": "丁七", "Arabic": "المك", "a rare phrase": f'"{RARE} the {COMMON}"',
        "a common phrase": f'"the {COMMON} is"', "in notes": f"note:{asked}", "in prompts": f"prompt:{asked}",
    }  # fmt: skip


def _scans(store: Store) -> float:
    def like() -> object:
        with store.reading() as reader:
            return reader.execute(
                "SELECT count(DISTINCT run_id) FROM outputs WHERE text LIKE ?", f"%{RARE}%"
            ).fetchone()

    def count() -> object:
        with store.reading() as reader:
            return reader.execute("SELECT count(*) FROM outputs").fetchone()

    taken = _median(like, rounds=2)
    _tell(f"reference: a LIKE scan of the outputs {taken:.0f} ms, SELECT count(*) of them {_median(count):.0f} ms")
    return taken


def _time_page(name: str, index: Index, pairs: list[tuple[str, str]], *, scan: float) -> None:
    page = next((int(value) for key, value in pairs if key == "page"), 1)
    sought = sought_of(pairs, besides={"page"})
    begin = time.perf_counter()
    found = index.find(sought, page=page)
    first = (time.perf_counter() - begin) * 1000
    taken = _median(lambda: told(found_card(index.find(sought, page=page))))
    left = f", {found.reading.left} not read yet" if found.reading else ""
    _tell_time(name, taken, scan=scan, more=f"first {first:6.1f} ms, {found.matching} cases{left}")


def _tell_time(name: str, taken: float, *, scan: float, more: str = "") -> None:
    _tell(f"{name:44} {taken:7.1f} ms {taken / scan:7.3f} of a LIKE scan   {more}".rstrip())


def _median(ask: Callable[[], object], *, rounds: int = ROUNDS) -> float:
    taken = []
    for _ in range(rounds):
        begin = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
