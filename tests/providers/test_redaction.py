"""Vendors' words lose keys, markup and length before anybody reads them."""

import json
import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_ui.providers.redaction import REASON_CHARS, REDACTED, plain_reason, redact, secrets_in, without_keys

AWKWARD = 'pa ss/wörd+"&<x>'


def test_secret_variables_are_known_by_their_names() -> None:
    environ = {
        "OPENAI_API_KEY": "plain-value",
        "hf_token": "hub-value",
        "HOME": "/home/someone",
        "DB_PASSWORD": "letmein",
    }
    assert secrets_in(environ) == {"plain-value", "hub-value", "letmein"}


def test_short_values_are_words_and_not_secrets() -> None:
    assert secrets_in({"API_KEY": "none", "TOKEN_LIMIT": "12345"}) == frozenset()


def test_a_known_secret_goes_even_when_it_looks_like_nothing() -> None:
    assert redact("refused: correct horse", {"correct horse"}) == f"refused: {REDACTED}"


@pytest.mark.parametrize("spelling", [AWKWARD, quote(AWKWARD, safe=""), json.dumps(AWKWARD)[1:-1]])
def test_a_secret_goes_in_every_spelling(spelling: str) -> None:
    assert redact(f"a {spelling} b", {AWKWARD}) == f"a {REDACTED} b"


def test_a_secret_inside_a_longer_one_leaves_nothing_of_it() -> None:
    assert redact("x secret-key-long x", {"secret-key", "secret-key-long"}) == f"x {REDACTED} x"


@pytest.mark.parametrize(
    "shaped",
    [
        "sk-proj-abcdEFGH1234", "sk-abcd****************wxyz", "gsk_abcdefghij12", "AIzaSyA-1234567890abc",
        "hf_abcdefghij12", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0", "ghp_0123456789abcdef",
    ],
)  # fmt: skip
def test_what_is_shaped_like_a_key_goes_unknown(shaped: str) -> None:
    assert redact(f"Incorrect key {shaped} given", ()) == f"Incorrect key {REDACTED} given"


@pytest.mark.parametrize("lead", ["Bearer ", "bearer ", "Basic ", "?key=", "&token="])
def test_what_stands_where_a_key_stands_goes(lead: str) -> None:
    assert redact(f"{lead}opaque-value-9", ()) == f"{lead}{REDACTED}"


def test_ordinary_words_stay() -> None:
    text = "The skeletonization of a key-value store; risk-averse token=5 models"
    assert redact(text, ()) == text


@given(secret=st.text(st.characters(codec="utf-8"), min_size=6, max_size=30), around=st.text(max_size=20))
def test_no_known_secret_survives(secret: str, around: str) -> None:
    assert secret not in redact(f"{around}{secret}{around}", {secret}).replace(REDACTED, "\0")


def test_a_reason_is_one_short_line() -> None:
    reason = plain_reason("too\n  much\t" + "word " * 500, ())
    assert len(reason) <= REASON_CHARS
    assert reason.startswith("too much word")


def test_a_reason_stops_before_a_traceback() -> None:
    assert plain_reason('broke. Traceback (most recent call last):\n File "/home/me/secret.py"', ()) == "broke."


def test_a_reason_can_be_stored_and_does_not_reorder_other_words() -> None:
    assert plain_reason("a\0b\ud83dc\u202ed\x1b[31m", ()) == "a b c d [31m"


def test_an_error_page_is_reduced_to_its_words() -> None:
    page = "<html><head><style>a{b:c}</style></head><body><h1>502 Bad&nbsp;Gateway</h1><script>x()</script></body>"
    assert plain_reason(page, ()) == "502 Bad Gateway"


def test_a_key_hidden_by_entities_is_found_after_decoding() -> None:
    assert "abcdefghij12" not in plain_reason("sk&#45;abcdefghij12", ())


def test_a_key_across_the_cut_is_redacted_before_cutting() -> None:
    secret = "quite-a-long-secret-value"
    assert "quite" not in plain_reason("x" * (REASON_CHARS - 10) + secret, {secret})


@pytest.mark.parametrize("hostile", ["<style", "<", "<!--", "sk-", "key=", "&lt;", "Bearer "])
def test_a_megabyte_of_anything_is_read_quickly(hostile: str) -> None:
    began = time.process_time()
    plain_reason(hostile * (1_000_000 // len(hostile)), {"some-secret"})
    assert time.process_time() - began < 20


def test_a_reply_keeps_its_words_and_loses_a_key_it_repeats() -> None:
    key = "k3y-0f-the-member-itself"
    assert without_keys(f"Use {key} or sk-abcdefghijklmnop, said the postgres guide.", {key, "postgres"}) == (
        "Use [key] or sk-abcdefghijklmnop, said the postgres guide."
    )
