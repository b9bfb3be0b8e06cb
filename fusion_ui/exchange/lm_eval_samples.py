"""What lm-evaluation-harness writes with `--log_samples`: a line a question, with every reply of one model.

A question stands there once for each filter of its answers; the replies are the same, and the first filter's are read.
"""

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from fusion_ui.exchange.cells import name_in, needed, text_in
from fusion_ui.exchange.recorded_ratings import RecordedCandidate
from fusion_ui.exchange.texts import MOST_CHARACTERS, LineError

_LONGEST_NAME = 200


def model_of(name: str) -> str:
    """Whose samples a file called `name` holds: the harness writes into a folder a model, with __ for a slash."""
    path = PurePath(name.replace("\\", "/"))
    folder = path.parent.name
    is_model = path.name.startswith("samples_") and folder not in ("", ".", "..")
    return (folder.replace("__", "/") if is_model else path.stem.removeprefix("samples_"))[:_LONGEST_NAME] or "recorded"


class Samples:
    """The lines of one file, of which only those of its first filter are read."""

    def __init__(self, *, member: str) -> None:
        self._member = member
        self._filter: object = None

    def candidates(self, fields: Mapping[str, object], *, line: int) -> Iterator[RecordedCandidate]:
        """The replies of one line, a candidate each; none of another filter. Raises LineError."""
        chosen = fields.get("filter", "none")
        if self._filter is None:
            self._filter = chosen
        if chosen != self._filter:
            return
        prompt = needed(_prompt(fields), "arguments")
        target = fields.get("target")
        for text in _replies(fields.get("resps")):
            yield RecordedCandidate(
                line=line,
                prompt=prompt,
                member=name_in(fields, "model_name", "model") or self._member,
                text=text_in({"resps": text}, "resps"),
                reference=None if isinstance(target, list | dict) else text_in(fields, "target") or None,
            )


def _prompt(fields: Mapping[str, object]) -> str:
    """The first argument of the first request: {"gen_args_0": {"arg_0": …}}, or [[…, …]] in older versions."""
    found = fields.get("arguments")
    for key in ("gen_args_0", "arg_0"):
        if isinstance(found, dict):
            found = found.get(key)
        elif isinstance(found, list | tuple):
            found = found[0] if found else None
    if found is not None and not isinstance(found, str):
        raise LineError("arguments: hold no prompt that is text")
    return text_in({"arguments": found}, "arguments")


def _replies(value: object) -> Iterator[str]:
    """The texts in a list of requests, each a list of replies."""
    requests = value if isinstance(value, list) else []
    replies = [reply for request in requests for reply in (request if isinstance(request, list) else [request])]
    if not replies:
        raise LineError("resps: holds no reply")
    if any(not isinstance(reply, str) for reply in replies):
        raise LineError("resps: holds likelihoods of given choices, no texts that were generated")
    if sum(map(len, replies)) > 10 * MOST_CHARACTERS:
        raise LineError("resps: holds more text than one question can have")
    yield from replies
