"""A study as one page of HTML that needs nothing else: what was asked, who said what, and how sure the results are.

It holds no script, asks nothing of any network, and prints on paper. Texts in it are data, whoever wrote them.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from importlib import resources
from typing import Any, NamedTuple

from fusion_ui.preferences import report_checks as checks
from fusion_ui.preferences import report_results as results
from fusion_ui.preferences.report_cases import Case
from fusion_ui.preferences.report_charts import inline_svg
from fusion_ui.preferences.report_examples import case_card
from fusion_ui.preferences.report_facts import StudyFacts
from fusion_ui.preferences.report_markup import Child, Markup, element, fragment, listed, named, paragraphs
from fusion_ui.preferences.report_methods import again, methods
from fusion_ui.preferences.report_study import left_out, protocol, settings_table, who
from fusion_ui.preferences.report_summary import summary
from fusion_ui.preferences.report_words import plural

Json = Mapping[str, Any]
_BY_TABLE = "The numbers are in the tables below."
_CAPTIONS = {
    "contrasts": "Win rates of the first of each pair, with intervals; the dashed line is equality.",
    "ladder": "Scores and ranks by model. The scales of the two models differ.",
    "matrix": "Win rates of rows over columns.",
    "raters": "How often each rater says what most of the others say; dashed, how often one can be expected to.",
    "rubric": "Mean scores by criterion.",
    "effects": "Shares of the left and of the longer answer, and scores with side and length taken out: a diagnostic.",
    "worth": "Wins beside cost and time.",
}


class _Section(NamedTuple):
    key: str
    title: str
    body: Child


def report_html(
    analysis: Mapping[str, Any], study_facts: StudyFacts, figures: Mapping[str, bytes], examples: Sequence[Case]
) -> str:
    """The page. `figures` are SVG files by name, in the order in which they are numbered."""
    sheet = resources.files(__package__).joinpath("report.css").read_text(encoding="utf-8")
    sections = _sections(analysis, study_facts, _charts(figures), examples)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(sheet)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{study_facts.title}: report"),
        element("style", Markup(sheet)),
    )
    main = element("main", map(_section, sections))
    body = element("body", _header(analysis, study_facts), _contents(sections), main)
    return "<!doctype html>\n" + element("html", head, body, lang="en") + "\n"


def _policy(sheet: str) -> str:
    """Nothing is loaded, nothing runs, nothing is sent; of styles this sheet alone."""
    digest = b64encode(sha256(sheet.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _charts(figures: Mapping[str, bytes]) -> dict[str, Markup]:
    return {
        name: element(
            "figure",
            inline_svg(drawing, key=name, words=f"{_CAPTIONS[name]} {_BY_TABLE}"),
            element("figcaption", element("b", f"Figure {number}. "), _CAPTIONS[name]),
        )
        for number, (name, drawing) in enumerate(figures.items(), start=1)
    }


def _sections(
    analysis: Json, facts: StudyFacts, charts: Mapping[str, Markup], examples: Sequence[Case]
) -> list[_Section]:
    """In the order of a paper; what there is nothing to say of is left out."""
    sections = [
        _Section("summary", "In short", [summary(analysis), listed(analysis["notes"])]),
        _Section("protocol", "What was asked", protocol(facts)),
        _Section("raters", "Who rated", who(analysis, facts)),
        _Section("exclusions", "What was left out", left_out(analysis, facts)),
        _Section("contrasts", "What people preferred", [charts.get("contrasts"), results.contrast_tables(analysis)]),
        _Section("verdicts", "How sure that is, and what more it takes", results.verdict_tables(analysis)),
        _Section("groups", "Within groups", results.group_tables(analysis)),
        _Section("ladders", "Ladders", _ladders(analysis, charts)),
        _Section("rubric", "Scores by criterion", [charts.get("rubric"), checks.rubric_tables(analysis)]),
        _Section("agreement", "How far raters agree", _agreement(analysis, charts)),
        _Section("effects", "Side and length", [charts.get("effects"), checks.effects(analysis)]),
        _Section("judges", "Model judges", checks.judge_tables(analysis)),
        _Section("worth", "What a win costs", [charts.get("worth"), checks.worth_table(analysis)]),
        _Section("examples", "Examples", [case_card(each) for each in examples]),
        _Section("methods", "Methods", methods(analysis)),
        _Section("reproduce", "How to reproduce", _reproduce(analysis, facts)),
    ]
    return [section for section in sections if fragment(section.body)]


def _header(analysis: Json, facts: StudyFacts) -> Markup:
    counts = analysis["counts"]
    judged = f"{facts.frozen_at[:10]} to {facts.last_at[:10]}" if facts.frozen_at and facts.last_at else "not yet"
    line = (
        f"{plural(counts['judgements'], 'judgement')} by {plural(counts['raters'], 'rater')} of "
        f"{plural(counts['prompts'], 'prompt')}, judged {judged}"
    )
    return element(
        "header",
        element("p", "Report of a study", class_="kicker"),
        element("h1", named(facts.title)),
        element("p", line),
        element("p", f"Study {facts.id}, version {facts.version}", class_="fine"),
    )


def _contents(sections: Iterable[_Section]) -> Markup:
    links = [element("li", element("a", each.title, href=f"#{each.key}")) for each in sections]
    return element("nav", element("ol", links), aria_label="Contents")


def _section(section: _Section) -> Markup:
    heading = element("h2", section.title, id=f"{section.key}-title")
    return element("section", heading, section.body, id=section.key, aria_labelledby=f"{section.key}-title")


def _ladders(analysis: Json, charts: Mapping[str, Markup]) -> Child:
    if not analysis["ladders"]:
        return paragraphs(analysis["ladder_note"])
    return [charts.get("ladder"), charts.get("matrix"), results.ladder_tables(analysis)]


def _agreement(analysis: Json, charts: Mapping[str, Markup]) -> Child:
    return [checks.agreement_table(analysis), charts.get("raters"), checks.rater_table(analysis)]


def _reproduce(analysis: Json, facts: StudyFacts) -> Child:
    return [again(analysis, facts.id, analysis["stamp"]), settings_table("Versions", facts.versions)]
