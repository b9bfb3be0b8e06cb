"""Examples to train on in the forms that TRL reads: preference (DPO, ORPO) and supervised, as messages or as text.

The forms are those of TRL's "Dataset formats and types": an explicit prompt, lists of {role, content} where a chat
template is to be applied, plain text where none is. What stands beside these columns TRL leaves alone.
"""

from typing import Any, Literal

PreferenceForm = Literal["conversational", "standard"]
SupervisedForm = Literal["conversational", "messages", "standard"]
Line = dict[str, Any]


def preference_line(prompt: str, *, chosen: str, rejected: str, form: PreferenceForm) -> Line:
    """{prompt, chosen, rejected}."""
    if form == "standard":
        return {"prompt": prompt, "chosen": chosen, "rejected": rejected}
    return {"prompt": [_said("user", prompt)], "chosen": [_answered(chosen)], "rejected": [_answered(rejected)]}


def supervised_line(prompt: str, *, completion: str, form: SupervisedForm) -> Line:
    """{prompt, completion}, or {messages} with both in it."""
    if form == "standard":
        return {"prompt": prompt, "completion": completion}
    if form == "messages":
        return {"messages": [_said("user", prompt), _answered(completion)]}
    return {"prompt": [_said("user", prompt)], "completion": [_answered(completion)]}


def _answered(text: str) -> dict[str, str]:
    return _said("assistant", text)


def _said(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": text}
