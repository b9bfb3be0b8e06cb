"""Recorded answers for the Lab's browser tests, small enough to check by hand, and a page opened on them."""

import json
from collections.abc import Callable, Iterable
from typing import NamedTuple

import httpx
from playwright.sync_api import Page, expect

PageMaker = Callable[..., Page]


class Spoken(NamedTuple):
    """One member's answers to one question: how often it said what."""

    member: str
    question: str
    gold: str | None
    counts: dict[str | None, int]


# "ada" is right where "ben" is wrong and the other way round; q3 is a near tie, q4 beyond both, q5 easy.
SPOKEN = [
    Spoken("ada", "q1", "42", {"42": 16, "41": 3, None: 1}),
    Spoken("ben", "q1", "42", {"41": 12, "42": 8}),
    Spoken("ada", "q2", "7", {"8": 12, "7": 8}),
    Spoken("ben", "q2", "7", {"7": 18, "8": 2}),
    Spoken("ada", "q3", "12", {"12": 11, "13": 9}),
    Spoken("ben", "q3", "12", {"12": 10, "13": 9, None: 1}),
    Spoken("ada", "q4", "5", {"6": 14, "5": 6}),
    Spoken("ben", "q4", "5", {"6": 15, "5": 5}),
    Spoken("ada", "q5", "100", {"100": 20}),
    Spoken("ben", "q5", "100", {"100": 19, "99": 1}),
    Spoken("ada", "q6", "3", {"3": 13, "4": 7}),
    Spoken("ben", "q6", "3", {"4": 11, "3": 9}),
]


def jsonl(spoken: Iterable[Spoken], *, of_set: str = "riddles") -> str:
    """The lines of a file; answers go in turns, so that a path of draws sees all of them."""
    lines = []
    for member, question, gold, counts in spoken:
        answers = [answer for answer, count in counts.items() for _ in range(count)]
        told = {"set": of_set, "question": question, "member": member, "gold": gold, "answers": answers}
        lines.append(json.dumps(told, ensure_ascii=False))
    return "\n".join(lines) + "\n"


def loaded(url: str, text: str, *, name: str = "riddles.jsonl") -> str:
    """The id of the recording that holds this text; the same text is stored once."""
    reply = httpx.post(f"{url}/api/lab/recordings", params={"name": name}, content=text.encode(), timeout=60)
    assert reply.status_code == 200, reply.text
    return str(reply.json()["recording"]["id"])


def opened(new_page: PageMaker, url: str, *recordings: str, more: str = "", **how: object) -> Page:
    """The Lab with these recordings chosen and put together."""
    page = new_page(**how)
    chosen = "&".join(f"from={recording}" for recording in recordings)
    page.goto(f"{url}/lab?{chosen}{more}")
    expect(page.locator(".lab-gives")).to_contain_text("question")
    return page
