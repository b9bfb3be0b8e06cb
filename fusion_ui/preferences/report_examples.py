"""A report's example cases as HTML: the prompt, the answers with their roles, and what was said of them."""

from fusion_ui.preferences.report_cases import Case, Shown
from fusion_ui.preferences.report_markup import Child, Markup, element, fragment, listed, named, paragraphs, passage
from fusion_ui.preferences.report_sayings import Clipped, Saying
from fusion_ui.preferences.report_words import plural


def case_card(case: Case) -> Markup:
    """One case, told apart from the others by why it was chosen."""
    reference = [element("h4", "Reference answer"), _text(case.reference)] if case.reference else None
    return element(
        "article",
        element("h3", case.why, element("small", f" item {case.number}")),
        element("h4", "Prompt"),
        _text(case.prompt),
        reference,
        element("div", [_answer(each) for each in case.answers], class_="answers"),
        element("h4", "What was said"),
        _tally(case),
        listed(_saying(each) for each in case.sayings),
        paragraphs(f"{plural(case.unsaid, 'more judgement')}." if case.unsaid else None),
    )


def _answer(shown: Shown) -> Markup:
    by = [" by ", named(shown.member)] if shown.member not in ("", shown.name) else None
    head = element("h4", named(shown.name), element("small", by) if by else None)
    return element("div", head, _text(shown.text), class_="answer")


def _text(text: Clipped) -> Markup:
    more = element("p", f"… and {plural(text.left_out, 'more character')}.", class_="fine") if text.left_out else None
    return fragment(passage(text.words), more)


def _tally(case: Case) -> Markup:
    wins = [f"{shown.name} {shown.wins}" for shown in case.answers]
    rest = [f"tie {case.ties}" if case.ties else "", f"both bad {case.both_bad}" if case.both_bad else ""]
    return element("p", "; ".join([*wins, *filter(None, rest)]), class_="tally")


def _saying(saying: Saying) -> Child:
    remarks = f" ({'; '.join(saying.remarks)})" if saying.remarks else None
    note = element("q", saying.note, dir="auto") if saying.note else None
    return [named(saying.rater), ": ", element("b", saying.verdict), remarks, " " if note else None, note]
