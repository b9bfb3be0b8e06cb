"""What is shown of a member holds no secret, whatever stands in its settings."""

import pytest

from fusion_ui.engine.values import Member
from fusion_ui.inspection.showing import shown_address, shown_extra


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (None, None),
        ("", None),
        ("http://localhost:8000/v1", "http://localhost:8000/v1"),
        ("https://me:hush@host.example/v1?key=hush#hush", "https://host.example/v1"),
        ("https://hush@host.example", "https://host.example"),
        ("me:hush@host.example/v1", "an address that cannot be read"),
        ("http://host:99999999/", "an address that cannot be read"),
        ("http://[hush", "an address that cannot be read"),
        ("hush", "an address that cannot be read"),
    ],
)
def test_an_address_loses_its_login_query_and_fragment(typed: str | None, shown: str | None) -> None:
    assert shown_address(Member(name="m", model="m", api_base=typed)) == shown


def test_only_known_settings_are_shown() -> None:
    extra = {"top_p": 0.5, "api_key": "hush", "extra_headers": {"Authorization": "hush"}, "stop": ["."]}
    assert shown_extra(Member(name="m", model="m", extra=extra)) == {"stop": ["."], "top_p": 0.5}
