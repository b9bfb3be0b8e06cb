"""Studies kept in memory: read once, by whoever is reading already, and the oldest makes room."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from fusion_ui.annotation.shelf import NoStudyError, Shelf, read_study
from storage.connection import Store
from tests.annotation.support import stored, unit


def test_a_study_is_read_once(store: Store) -> None:
    study_id, shelf = stored(store, unit(0)), Shelf(store)
    with store.reading() as reader:
        study = shelf.study(study_id, reader=reader)
        assert study == read_study(reader, study_id)
    assert shelf.study(study_id) is study


def test_of_many_who_need_a_study_first_one_reads_it(store: Store) -> None:
    study_id, shelf = stored(store, *(unit(place) for place in range(50))), Shelf(store)
    start = threading.Barrier(8)

    def ask(_: int) -> int:
        start.wait(timeout=30)
        return id(shelf.study(study_id))

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1


def test_the_oldest_makes_room_and_can_be_read_again(store: Store) -> None:
    ids = [stored(store, unit(at)) for at in range(3)]
    shelf = Shelf(store, most=2)
    first, second, third = map(shelf.study, ids)
    assert shelf.study(ids[1]) is second
    assert shelf.study(ids[2]) is third
    assert (shelf.study(ids[0]) is first, shelf.study(ids[0]) == first) == (False, True)


def test_a_study_that_is_not_there_is_looked_for_every_time(store: Store) -> None:
    shelf = Shelf(store)
    for _ in range(2):
        with pytest.raises(NoStudyError):
            shelf.study("nowhere")
