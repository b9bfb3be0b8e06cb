"""What is remembered of phrases: enough to go on, and no more than the latest."""

from fusion_ui.inspection.searching import Memory


def test_what_was_read_stays_known_while_cases_are_added() -> None:
    memory = Memory()
    memory.of("a b", None, rows=2)[1] = 1
    assert memory.of("a b", None, rows=4).tolist() == [0, 1, 0, 0]
    assert memory.of("a b", "prompt", rows=1).tolist() == [0]


def test_only_the_latest_phrases_are_remembered() -> None:
    memory = Memory()
    memory.of("kept", None, rows=1)[0] = 1
    memory.of("lost", None, rows=1)[0] = 1
    for number in range(31):
        memory.of("kept", None, rows=1)
        memory.of(str(number), None, rows=1)
    assert memory.of("kept", None, rows=1).tolist() == [1]
    assert memory.of("lost", None, rows=1).tolist() == [0]
