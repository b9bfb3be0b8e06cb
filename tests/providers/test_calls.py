"""Which key goes to which address, and what else is sent."""

from typing import Any

import pytest

from fusion_ui.engine.sampling import Message, Request
from fusion_ui.engine.values import Member
from fusion_ui.providers.calls import NO_KEY, OWN_ADDRESS_ROUTES, call_for, own_address, secrets_of
from fusion_ui.providers.faults import CallError

ENVIRON = {"OPENAI_API_KEY": "key-of-the-house", "OWN": " own-key\n"}


def arguments(*, model: str = "openai/x", environ: dict[str, str] = ENVIRON, **fields: Any) -> dict[str, Any]:
    settings = {
        name: fields.pop(name) for name in ("temperature", "max_tokens", "seed", "is_streamed") if name in fields
    }
    messages = fields.pop("messages", (Message(role="user", content="hi"),))
    request = Request(member=Member(name="m", model=model, **fields), messages=messages, **settings)
    return dict(call_for(request, environ).arguments)


def test_an_own_address_without_a_key_gets_the_word_none() -> None:
    assert arguments(api_base="http://box:8000")["api_key"] == NO_KEY


def test_an_own_address_gets_its_own_key_cleaned_of_line_ends() -> None:
    assert arguments(api_base="http://box:8000", api_key_env="OWN")["api_key"] == "own-key"


def test_a_named_key_goes_to_the_vendor() -> None:
    assert arguments(api_key_env="OWN")["api_key"] == "own-key"


def test_with_neither_litellm_looks_for_the_vendors_own_variable() -> None:
    assert not {"api_key", "api_base"} & arguments().keys()


@pytest.mark.parametrize("base", ["", "  "])
def test_a_blank_address_is_none(base: str) -> None:
    assert "api_base" not in arguments(api_base=base)


@pytest.mark.parametrize("base", [None, "http://box:8000"])
def test_a_named_but_unset_key_is_said_before_anything_is_sent(base: str | None) -> None:
    with pytest.raises(CallError, match="ABSENT is not set"):
        arguments(api_base=base, api_key_env="ABSENT")


def test_the_account_of_the_house_is_not_told_to_an_own_address() -> None:
    told = arguments(api_base="http://box", environ={"OPENAI_PROJECT_ID": "p"})["extra_headers"]
    assert told == {"OpenAI-Organization": "", "OpenAI-Project": ""}


@pytest.mark.parametrize(
    ("model", "typed", "sent"),
    [
        ("openai/x", "http://localhost:8000", "http://localhost:8000/v1"),
        ("openai/x", "http://localhost:8000/", "http://localhost:8000/v1"),
        ("hosted_vllm/x", " http://box/api/ ", "http://box/api"),
        ("openai/x", "http://box/v1/chat/completions", "http://box/v1"),
        ("openai/x", "https://[::1]:8000", "https://[::1]:8000/v1"),
        ("ollama_chat/x", "http://localhost:11434", "http://localhost:11434"),
        ("ollama_chat/x", "http://localhost:11434/v1", "http://localhost:11434"),
        ("anthropic/x", "https://box/v1/", "https://box"),
        ("gemini/x", "http://box", "http://box"),
    ],
)
def test_a_typed_address_gets_the_path_its_route_needs(model: str, typed: str, sent: str) -> None:
    assert own_address(Member(name="m", model=model, api_base=typed)) == sent


@pytest.mark.parametrize(
    "typed", ["localhost:8000", "file:///etc/passwd", "http://", "http://a b", "http://[", "http://x:99999"]
)
def test_what_is_no_web_address_is_refused_in_words(typed: str) -> None:
    with pytest.raises(CallError, match="must look like http://localhost:8000/v1"):
        own_address(Member(name="m", model="openai/x", api_base=typed))


@pytest.mark.parametrize(
    "model", ["meta-llama/Llama-3-8B", "gpt-4o", "bedrock/x", "vertex_ai/x", "watsonx/x", "databricks/x", "openai/"]
)
def test_other_routes_take_no_typed_address(model: str) -> None:
    with pytest.raises(CallError, match="write it openai/"):
        own_address(Member(name="m", model=model, api_base="http://box"))


def test_routes_that_send_credentials_of_the_environment_are_not_allowed() -> None:
    assert not OWN_ADDRESS_ROUTES & {"watsonx", "gigachat", "databricks", "bedrock", "sagemaker", "vertex_ai", "azure"}


def test_only_listed_settings_are_passed_on() -> None:
    extra = {"top_p": 0.9, "api_key": "x", "extra_headers": {"a": "b"}, "api_base": "http://evil", "model": "y"}
    request = Request(member=Member(name="m", model="openai/x", extra=extra), messages=())
    call = call_for(request, ENVIRON)
    assert (call.arguments["top_p"], call.arguments["model"]) == (0.9, "openai/x")
    assert call.ignored == ("api_base", "api_key", "extra_headers", "model")
    assert not {"api_base", "api_key", "extra_headers"} & call.arguments.keys()


def test_the_request_overrides_the_member() -> None:
    member = Member(name="m", model="openai/x", temperature=0.7, max_tokens=10)
    request = Request(member=member, messages=(), temperature=0.0, max_tokens=5, seed=42)
    sent = call_for(request, {}).arguments
    assert (sent["temperature"], sent["max_tokens"], sent["seed"]) == (0.0, 5, 42)


def test_unset_settings_are_left_to_the_vendor() -> None:
    request = Request(member=Member(name="m", model="openai/x", temperature=None), messages=())
    assert not {"temperature", "max_tokens"} & call_for(request, {}).arguments.keys()


def test_a_prompt_that_cannot_be_encoded_is_cleaned() -> None:
    sent = arguments(messages=(Message(role="user", content="a\0\ud83d\ude00\udc00"),))
    assert sent["messages"] == [{"role": "user", "content": "a😀\ufffd"}]


@pytest.mark.parametrize(
    ("extra", "prices"),
    [
        ({"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}, (1e-6, 2e-6)),
        ({"input_cost_per_token": 1e-6}, None),
        ({"input_cost_per_token": "1", "output_cost_per_token": 1}, None),
        ({"input_cost_per_token": -1, "output_cost_per_token": 1}, None),
        ({"input_cost_per_token": float("nan"), "output_cost_per_token": 1}, None),
    ],
)
def test_own_prices_count_only_as_a_pair_of_numbers(extra: dict[str, Any], prices: tuple[float, float] | None) -> None:
    call = call_for(Request(member=Member(name="m", model="openai/x", extra=extra), messages=()), {})
    assert call.prices == prices
    assert call.ignored == ()


def test_a_call_shows_no_key_in_its_repr() -> None:
    request = Request(member=Member(name="m", model="openai/x", api_key_env="OWN"), messages=())
    assert "own-key" not in repr(call_for(request, ENVIRON))


def test_the_password_of_an_address_and_an_oddly_named_key_are_secrets() -> None:
    member = Member(name="m", model="openai/x", api_base="http://me:open%2Fsesame@box", api_key_env="ODD")
    assert {"open/sesame", "open%2Fsesame", "odd-one", "key-of-the-house"} <= secrets_of(
        member, ENVIRON | {"ODD": "odd-one"}
    )
