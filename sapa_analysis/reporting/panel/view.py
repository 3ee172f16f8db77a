"""What the panel shows, as HTML and text: sentences, tables, the picture, the scenario to copy."""

from __future__ import annotations

import pprint
from collections.abc import Iterable
from html import escape
from textwrap import indent
from typing import Any

import pandas as pd

from ...core import LANGUAGES, Forecast
from ...scenarios import BASELINE, Scenario, in_points, lever_positions, scenario_text
from ..figures import plot_forecast, plot_scenarios
from ..figures.style import draw_svg
from ..goals import withheld_years
from ..language import chance_shown, indicator_name, level_shown, number, texts
from ..needed import needed_table
from ..scenario_changes import chances_table, difference_in_words, level_in_words, target_names
from ..shown import show
from ..subject import indicator_row
from ..tagged_numbers import plain
from .desk import Desk, Seen
from .state import State

#: The word of plausibility where no path goes so far, and those that are no warning yet.
_OUTSIDE, _CALM = "outside", ("usual", "unusual")


def indicators_offered(desk: Desk, lang: str) -> list[tuple[str, str]]:
    """Return the indicators that are forecast, each with its name behind its field."""
    form, fields = texts(lang)["panel"]["in_field"], texts(lang)["fields"]
    found = []
    for name in desk.offered():
        row = indicator_row(name, desk.project.indicators)
        found.append((str(form).format(field=fields[row["field"]], name=indicator_name(row, lang)), name))
    return found


def scenarios_offered(desk: Desk, lang: str) -> list[tuple[str, str]]:
    """Return the scenarios that hold here, each with its label."""
    form = str(texts(lang)["panel"]["scenario_of_file"])
    return [
        (form.format(label=each.label[lang]) if name in desk.given else each.label[lang], name)
        for name, each in desk.scenarios().items()
    ]


def turns_offered(fan: Forecast, lang: str) -> list[tuple[str, float]]:
    """Return the positions of a lever, each as a reader says it.

    Examples
    --------
    >>> import pandas as pd
    >>> import sapa_analysis as sapa
    >>> from sapa_analysis.reporting.panel.view import turns_offered
    >>> visits = pd.Series([100, 110, 119, 132, 140], index=range(2015, 2020), name="visits", dtype=float)
    >>> turns_offered(sapa.forecast(visits, horizon=2, n_paths=100, seed=1), "en")[9:12]
    [('−5 %', 0.95), ('as forecast', 1.0), ('+5 %', 1.05)]
    """
    words, points = texts(lang)["panel"], in_points(fan)
    form = str(words["turn_points" if points else "turn_percent"])
    found = []
    for turn in lever_positions(fan):
        size = turn if points else round(100 * (turn - 1), 6)
        said = form.format(sign="+" if size > 0 else "−", size=number(abs(size), 1 if points else 0, lang))
        found.append((said if size else str(words["as_forecast"]), turn))
    return found


def scenarios_seen(seen: Seen, desk: Desk, lang: str) -> dict[str, Scenario]:
    """Return the scenarios compared, the one that is set under the words of the panel."""
    if seen.name in desk.scenarios():
        return {BASELINE: desk.scenarios()[BASELINE], seen.name: desk.scenarios()[seen.name]}
    label = {each: str(texts(each)["panel"]["as_set"]) for each in ("vi", "en")}
    return {
        BASELINE: desk.scenarios()[BASELINE],
        seen.name: seen.scenario.model_copy(update={"label": label}),
    }


def answer_lines(desk: Desk, state: State, seen: Seen, lang: str) -> list[str]:
    """Return where the indicator goes in its last year, and the chance of its last goal."""
    words, indicator = texts(lang)["panel"], indicator_row(state.indicator, desk.project.indicators)
    year, name = int(seen.comparison["year"].max()), indicator_name(indicator, lang)
    withheld = withheld_years(desk.verdicts(state.indicator))
    lines = []
    if withheld and year >= (first := min(withheld)):
        why = str(texts(lang)["trajectory"][withheld[first]]).format(year=first)
        lines.append(str(words["withheld"]).format(name=name, why=why))
    else:
        lines.append(_level(seen, indicator, name, year, lang))
    for row in _last_goal(seen.chances, seen.name):
        named = target_names(desk.goals(state.indicator), desk.project.indicators, lang)[row["target"]]
        moves = row["gained"] or row["lost"]
        form = str(texts(lang)["scenarios"]["chance_of"] if moves else words["chance_now"])
        base = chance_shown(row["before"], lang)
        lines.append(form.format(target=named, base=base, parts=_chance_part(desk, seen, row, lang)))
    return [plain(line) for line in lines]


def _level(seen: Seen, indicator: pd.Series, name: str, year: int, lang: str) -> str:
    words = texts(lang)["panel"]
    at = seen.comparison[seen.comparison["year"] == year]
    rows = {row["scenario"]: row for row in at.to_dict("records")}
    told = {
        column: level_in_words(rows[seen.name], column, indicator, lang, bare=column == "lower_80")
        for column in ("median", "lower_80", "upper_80")
    }
    told |= {"name": name, "year": str(year), "level": level_shown(80, lang)}
    changes = seen.differences[(seen.differences["year"] == year) & seen.differences["median"].notna()]
    kind = "percent" if "percent" in set(changes["kind"]) else "level"
    mine = changes[(changes["scenario"] == seen.name) & (changes["kind"] == kind)].to_dict("records")
    if (
        seen.name == BASELINE
        or not mine
        or not any(mine[0][end] for end in ("median", "lower_80", "upper_80"))
    ):
        return str(words["still"]).format(**told)
    base = level_in_words(rows[BASELINE], "median", indicator, lang)
    change = difference_in_words(mine[0], indicator, lang)
    return str(words["changed"]).format(**told, base=base, change=change)


def _last_goal(chances: pd.DataFrame, name: str) -> Iterable[dict[str, Any]]:
    """Return the goal that is due last with its chance as set and in the baseline, if there is one."""
    after = chances[chances["scenario"] == name].sort_values("year").tail(1)
    for row in after.to_dict("records"):
        base = chances[(chances["scenario"] == BASELINE) & (chances["target"] == row["target"])]
        yield {str(key): value for key, value in row.items()} | {"before": float(base["probability"].iloc[0])}


def _chance_part(desk: Desk, seen: Seen, row: dict[str, Any], lang: str) -> str:
    label = scenarios_seen(seen, desk, lang)[seen.name].label[lang]
    form = str(texts(lang)["scenarios"]["chance_part"])
    return form.format(label=label[:1].lower() + label[1:], chance=chance_shown(row["probability"], lang))


def answer_html(lines: list[str]) -> str:
    """Return sentences as HTML, the first as the answer."""
    first, *rest = lines
    return f"<p class='lead'><strong>{escape(first)}</strong></p>" + "".join(
        f"<p>{escape(line)}</p>" for line in rest
    )


def far_html(seen: Seen, lang: str) -> str:
    """Return how far what is set lies from the paths of the forecast; a warning where none goes so far."""
    if seen.far.empty:
        return ""
    words, seen_from = texts(lang)["panel"], texts(lang)["plausibility"]["words"]
    order = list(seen_from)
    row = max(seen.far.to_dict("records"), key=lambda each: (order.index(each["word"]), -each["beyond"]))
    if row["word"] == _OUTSIDE:
        return f"<p class='warning' role='alert'>{escape(str(words['outside']))}</p>"
    told = str(words["far"]).format(word=seen_from[row["word"]], beyond=chance_shown(row["beyond"], lang))
    return f"<p class='{'note' if row['word'] in _CALM else 'warning'}'>{escape(told)}</p>"


def chances_html(desk: Desk, state: State, seen: Seen, lang: str) -> str:
    """Return the chance of each goal as a table."""
    goals = desk.goals(state.indicator)
    compared = scenarios_seen(seen, desk, lang)
    table = chances_table(seen.chances, goals, compared, desk.project.indicators, lang=lang)
    return f"<h3>{escape(str(texts(lang)['panel']['chances']))}</h3>{_table(table, lang)}"


def needed_html(desk: Desk, state: State, lang: str) -> str:
    """Return what each goal takes as a table."""
    goals = desk.goals(state.indicator)
    table = needed_table(
        desk.needed(state.indicator, state.chance), goals, desk.project.indicators, lang=lang
    )
    return _table(table, lang)


def _table(table: pd.DataFrame, lang: str) -> str:
    """Return a table that scrolls in its own place where there is little room."""
    shown = show(table, lang=lang, empty=str(texts(lang)["panel"]["no_goal"]))._repr_html_()
    return f"<div class='wide' tabindex='0'>{shown}</div>"


def picture_html(desk: Desk, state: State, seen: Seen, alt: str, lang: str) -> str:
    """Return the picture: the fan of the baseline, or the scenarios compared, with what it says in words."""
    indicator, goals = indicator_row(state.indicator, desk.project.indicators), desk.goals(state.indicator)
    if seen.name == BASELINE:
        verdicts = desk.verdicts(state.indicator)
        fan = seen.by_scenario[BASELINE]
        svg = draw_svg(plot_forecast, fan, goals, indicator, verdicts=verdicts, lang=lang)
    else:
        labels = {name: each.label[lang] for name, each in scenarios_seen(seen, desk, lang).items()}
        svg = draw_svg(plot_scenarios, seen.by_scenario, goals, indicator, labels, lang=lang)
    drawing = svg[svg.index("<svg") :]
    told = f"<div class='picture' role='img' aria-label=\"{escape(alt)}\">{drawing}</div>"
    return f"<div class='wide' tabindex='0'>{told}</div>"


def as_yaml(scenario: Scenario, reason: str, source: str, lang: str) -> str:
    """Return a scenario as the text of its file; what is not yet written has words in its place."""
    blank = str(texts(lang)["panel"]["placeholder"])
    return scenario_text(scenario, reason=reason.strip() or blank, source=source.strip() or blank)


def as_python(scenario: Scenario) -> str:
    """Return a scenario as the Python that makes it.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> from sapa_analysis.reporting.panel.view import as_python
    >>> made = sapa.scenario("dearer", spend_per_visit="+10%")
    >>> eval(as_python(made)) == made
    True
    """
    said: dict[str, Any] = scenario.model_dump(mode="json", exclude_defaults=True)
    if scenario.label == dict.fromkeys(LANGUAGES, scenario.name):
        said.pop("label", None)
    said["adjustments"] = [part.model_dump(exclude_defaults=True) for part in scenario.adjustments]
    lines = [f"{name}={pprint.pformat(value, sort_dicts=False)}," for name, value in said.items()]
    return "\n".join(["sapa.Scenario(", *(indent(line, "    ") for line in lines), ")"])
