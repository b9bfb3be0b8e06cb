"""What the requests to several routers are made of: bodies that hold nothing unknown, press keys, and who asks."""

from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field

from fusion_ui.attempts import network_of
from fusion_ui.engine.values import FusionError
from fusion_ui.people import ANYBODY, Person
from storage.ratings import plain_name

Key = Annotated[str, Field(min_length=8, max_length=100)]
Name = Annotated[str, Field(max_length=100)]
NameQuery = Annotated[str, Query(max_length=100)]


class Body(BaseModel):
    """A JSON object with the fields that are named, and no other."""

    model_config = ConfigDict(extra="forbid")


class NamelessError(FusionError):
    """Nobody has said yet who asks."""

    def __init__(self) -> None:
        super().__init__("Say who you are first: type a name.")


def person_of(request: Request) -> Person:
    """Who asks, as the door let them in."""
    person: Person = getattr(request.state, "person", None) or ANYBODY
    return person


def who_of(request: Request) -> str:
    """Whose limits count: those of whoever is logged in, else those of the network that the request comes from."""
    name = person_of(request).name
    return f"name {name}" if name else f"network {network_of(request.client.host if request.client else '')}"


def name_of(request: Request, typed: str = "") -> str:
    """Who asks: the person who is logged in, else the name as typed; empty where nobody said one."""
    return person_of(request).name or plain_name(typed)


def required_name(request: Request, typed: str = "") -> str:
    """Who asks. Raises NamelessError where nobody has said so yet."""
    if name := name_of(request, typed):
        return name
    raise NamelessError
