"""What vendors really say, and the kind, words and patience it earns; phrases are quoted from their own errors."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from fusion_ui.engine.values import FusionError, Member
from fusion_ui.providers.faults import CallError, explain

GPT = Member(name="gpt", model="openai/gpt-4o-mini", api_key_env="WORK_KEY")

SAID = [
    ("key", "Incorrect API key provided: sk-ab****yz. You can find your API key at https://platform.openai.com"),
    ("key", "The api_key client option must be set either by passing api_key to the client or by the environment"),
    ("key", '{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}'),
    ("key", "API key not valid. Please pass a valid API key."),
    ("key", "No auth credentials found"),
    ("key", "Missing Anthropic API Key - A call is being made to anthropic but no key is set"),
    ("quota", "You exceeded your current quota, please check your plan and billing details. insufficient_quota"),
    ("quota", "Your credit balance is too low to access the Anthropic API."),
    ("quota", "Error code: 402 - Insufficient Balance"),
    ("rate", "Rate limit reached for gpt-4o. Please try again in 20s. To raise it see billing"),
    ("rate", "You exceeded your current quota, please check your plan. Please retry in 36.2s."),
    ("rate", "Too Many Requests"),
    ("context", "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens."),
    ("context", "prompt is too long: 210000 tokens > 200000 maximum"),
    ("context", "the request exceeds the available context size (4096 tokens)"),
    ("policy", "The response was filtered due to the prompt triggering Azure's content management policy"),
    ("policy", "Your request was rejected as a result of our safety system."),
    ("model", "The model `gpt-9` does not exist or you do not have access to it."),
    ("model", 'model "llama9" not found, try pulling it first'),
    ("model", "LLM Provider NOT provided. Pass in the LLM provider you are trying to call. You passed model=foo"),
    ("network", "Connection error."),
    ("network", "Cannot connect to host localhost:1 ssl:default [Connect call failed ('127.0.0.1', 1)]"),
    ("network", "Response payload is not completed: <TransferEncodingError: 400>"),
    ("network", "Server disconnected without sending a response."),
    ("network", "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate"),
    ("timeout", "Request timed out."),
    ("malformed", "'utf-8' codec can't decode byte 0xff in position 3: invalid start byte"),
    ("malformed", "Expecting value: line 1 column 1 (char 0)"),
    ("request", "Unsupported value: 'temperature' does not support 0.2 with this model."),
    ("server", "overloaded_error: Overloaded"),
]  # fmt: skip

BY_STATUS = [
    (400, "request"), (401, "key"), (402, "quota"), (403, "denied"), (404, "model"), (408, "timeout"), (413, "context"),
    (422, "request"), (429, "rate"), (500, "server"), (502, "server"), (503, "server"),
    (504, "timeout"), (529, "server"), (418, "unknown"), (None, "unknown"),
]  # fmt: skip


class VendorError(Exception):
    """An error with the attributes LiteLLM's have."""

    def __init__(self, message: str = "hm", **attributes: Any) -> None:
        super().__init__(message)
        self.__dict__.update(attributes)


@pytest.mark.parametrize(("kind", "said"), SAID)
def test_the_text_decides_whatever_the_status_claims(kind: str, said: str) -> None:
    assert explain(VendorError(said, status_code=500), member=GPT).kind == kind


@pytest.mark.parametrize(("status", "kind"), BY_STATUS)
def test_the_status_decides_where_the_text_says_nothing(status: int | None, kind: str) -> None:
    assert explain(VendorError(status_code=status), member=GPT).kind == kind


def test_a_missing_key_names_the_variable_and_the_member() -> None:
    message = explain(VendorError(status_code=401), member=GPT).message
    assert message.startswith("The API key is missing or was refused. Set WORK_KEY (api_key_env of member 'gpt')")


@pytest.mark.parametrize(
    ("model", "base", "advice"),
    [
        ("anthropic/claude", None, "Set ANTHROPIC_API_KEY, or name"),
        ("bedrock/claude", None, "Set the vendor's key in the environment, or name"),
        ("openai/x", "http://box/v1", "Name the environment variable with this server's key"),
    ],
)
def test_the_advice_on_keys_fits_the_member(model: str, base: str | None, advice: str) -> None:
    member = Member(name="m", model=model, api_base=base)
    assert advice in explain(VendorError(status_code=401), member=member).message


def test_the_innermost_error_is_the_one_explained() -> None:
    inner = VendorError("Rate limit", status_code=429)
    wrapped = VendorError("fell back", status_code=503, original_exception=VendorError(original_exception=inner))
    assert explain(wrapped, member=GPT).kind == "rate"


def test_errors_that_wrap_each_other_are_still_explained() -> None:
    one, two = VendorError("a"), VendorError("b")
    one.__dict__["original_exception"], two.__dict__["original_exception"] = two, one
    assert explain(one, member=GPT).kind == "unknown"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"Retry-After": "2.5"}, 2.5),
        ({"retry-after-ms": "350", "retry-after": "1"}, 0.35),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({}, None),
    ],
)
def test_the_pause_asked_for_is_read_from_the_headers(headers: dict[str, str], seconds: float | None) -> None:
    error = VendorError(status_code=429, litellm_response_headers=headers)
    assert explain(error, member=GPT).wait_s == seconds


def test_a_date_to_come_back_at_is_a_pause() -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    wait_s = explain(VendorError(litellm_response_headers={"retry-after": at}), member=GPT).wait_s
    assert wait_s == pytest.approx(30, abs=3)


@pytest.mark.parametrize(("said", "seconds"), [("Please try again in 20s.", 20.0), ("retry in 350ms", 0.35)])
def test_the_pause_asked_for_is_read_from_the_words(said: str, seconds: float) -> None:
    assert explain(VendorError(said), member=GPT).wait_s == seconds


@pytest.mark.parametrize("kind", ["key", "quota", "context", "policy", "model", "denied", "request", "malformed"])
def test_what_would_fail_again_is_not_retried(kind: Any) -> None:
    failure = explain(CallError(kind), member=GPT).failure()
    assert not failure.is_retryable


@pytest.mark.parametrize("kind", ["rate", "timeout", "network", "server", "empty"])
def test_what_may_pass_is_retryable(kind: Any) -> None:
    assert explain(CallError(kind), member=GPT).failure().is_retryable


def test_our_own_errors_keep_their_kind_and_words() -> None:
    fault = explain(CallError("key", "WORK_KEY is not set."), member=GPT)
    assert (fault.kind, fault.message.split("Details: ")[1]) == ("key", "WORK_KEY is not set.")
    assert isinstance(CallError("key"), FusionError)


def test_a_json_body_is_reduced_to_its_message() -> None:
    raw = 'litellm.APIError: Hosted_vllmException - {"error": {"message": "no \\"top_p\\" here", "code": 400}}'
    assert explain(VendorError(raw), member=GPT).reason == 'no "top_p" here'


def test_a_body_that_is_almost_json_is_quoted_as_it_is() -> None:
    assert explain(VendorError('{"message": "bad \\x escape"}'), member=GPT).reason == '{"message": "bad \\x escape"}'


def test_no_secret_is_in_any_part_of_the_fault() -> None:
    member = Member(name="m", model="openai/x", api_base="http://me:open-sesame@box/v1")
    fault = explain(ConnectionError("open-sesame reset by peer"), member=member, secrets={"open-sesame"})
    assert "open-sesame" not in repr(fault)
    assert fault.kind == "network"


def test_names_with_braces_do_not_break_the_words() -> None:
    member = Member(name="{name}{0}", model="{model}")
    assert "{name}{0}" in explain(VendorError(status_code=404), member=member).message


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(), OSError(5, "x"), KeyError("choices"), Exception(), ExceptionGroup("many", [ValueError("one")]),
        UnicodeEncodeError("utf-8", "\ud800", 0, 1, "no"), VendorError("x", original_exception="text"),
        VendorError("x", status_code="429", litellm_response_headers=3), VendorError("timeout " * 200_000),
    ],
)  # fmt: skip
def test_any_exception_at_all_is_explained(error: Exception) -> None:
    fault = explain(error, member=GPT)
    assert fault.message
    assert len(fault.message) < 600
