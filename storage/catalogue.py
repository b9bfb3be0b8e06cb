"""Prompts and recipes: each stored once, under the sha256 of its content, however often it is used."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import ClassVar

from storage.errors import RowError
from storage.rows import DOCUMENT, UNSTORABLE, Json, Row, Writer, json_text


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptRow(Row):
    """A question as it was put."""

    table: ClassVar[str] = "prompts"
    id: str
    text: str
    reference: str | None
    language: str | None
    tags: Json = field(metadata=DOCUMENT)
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeRow(Row):
    """A recipe, read back whole."""

    table: ClassVar[str] = "recipes"
    id: str
    body: Json = field(metadata=DOCUMENT)
    created_at: str


def put_prompt(
    writer: Writer,
    *,
    text: str,
    reference: str | None = None,
    language: str | None = None,
    tags: Sequence[str] = (),
) -> str:
    """The id of the prompt with this content, which is stored if it is new."""
    key = prompt_key(text=text, reference=reference, language=language, tags=tags)
    if writer.execute("SELECT 1 FROM prompts WHERE id = ?", key).fetchone() is None:
        now = writer.identity.now()
        writer.insert(
            PromptRow(id=key, text=text, reference=reference, language=language, tags=list(tags), created_at=now)
        )
    return key


def put_recipe(writer: Writer, body: dict[str, Json]) -> str:
    """The id of the recipe with this body, which is stored if it is new."""
    key = recipe_key(body)
    if writer.execute("SELECT 1 FROM recipes WHERE id = ?", key).fetchone() is None:
        writer.insert(RecipeRow(id=key, body=body, created_at=writer.identity.now()))
    return key


def prompt_key(
    *, text: str, reference: str | None = None, language: str | None = None, tags: Sequence[str] = ()
) -> str:
    """The id that a prompt with this content has."""
    return _content_key({"text": text, "reference": reference, "language": language, "tags": list(tags)})


def recipe_key(body: dict[str, Json]) -> str:
    """The id that a recipe with this body has."""
    return _content_key(body)


def _content_key(content: dict[str, Json]) -> str:
    try:
        return sha256(json_text(content).encode()).hexdigest()
    except UNSTORABLE as error:
        raise RowError(f"The content cannot be stored: {error}. Clean the text and try again.") from error
