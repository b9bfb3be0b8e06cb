"""What a scripted member says when it is asked for the flaws of an output: it compares the stated answer with the
reference, which is all that the pack knows about right and wrong.
"""

import json
import re

from fusion_ui.engine.answers import answer_key, equivalent, extract
from fusion_ui.engine.sampling import Request
from fusion_ui.engine.values import Extract, Prompt

_ANSWER = re.compile(r"<answer (\w+)>\n(.*)\n</answer \1>", re.DOTALL)


def review(prompt: Prompt, request: Request) -> str:
    """The reply to a request for flaws, in the form that the request asks for."""
    shown = _ANSWER.search(request.messages[-1].content)
    text = shown[2] if shown else ""
    flaw = _flaw(text, prompt.reference) if prompt.reference else None
    return json.dumps({"flaws": [flaw] if flaw else []}, ensure_ascii=False)


def _flaw(text: str, reference: str) -> dict[str, str] | None:
    found, gold = extract(text), answer_key(reference)
    if gold is None:
        return None
    right = f"The reference answer is {reference}."
    if found is None:
        return {"quote": "", "class": "answer/missing", "severity": "major", "note": f"No answer is stated. {right}"}
    if equivalent(gold, found.answer) is not False:
        return None
    return {"quote": _line_of(text, found), "class": "answer/wrong", "severity": "critical", "note": right}


def _line_of(text: str, found: Extract) -> str:
    start = text.rfind("\n", 0, found.start) + 1
    end = text.find("\n", found.end)
    return text[start : end if end >= 0 else len(text)].strip()
