"""The scenarios of a briefing: what they assume, and what they change of each core indicator."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ...core import Forecast, Outcome
from ...pipeline import Project, Results, chances, known_targets, under_scenarios, what_it_takes
from ...scenarios import BASELINE, compare_scenarios, differences
from ..figures.scenarios import plot_scenarios
from ..figures.style import draw
from ..language import name_shown, texts
from ..scenario_changes import moving, target_names
from ..sentences.needed import describe_needed
from ..sentences.scenarios import describe_scenarios
from ..subject import indicator_row
from ..tagged_numbers import plain, tag_quoted
from .parts import Item


def scenario_items(project: Project, results: Results, lang: str) -> list[Item]:
    """Return the reasons of the scenarios, then an item for each core indicator that any of them changes."""
    core = {name: results.outcomes[name] for name in results.params.core}
    by_scenario = under_scenarios(project, results.params, core)
    chosen = {name: project.scenarios[name] for name in by_scenario}
    reasons = [f"{scenario.label[lang]}: {tag_quoted(scenario.reason[lang], f'scenarios.{name}.{lang}')}"
               for name, scenario in chosen.items()]  # fmt: skip
    ahead = [name for name, outcome in core.items() if isinstance(outcome, Forecast)]
    if not ahead or not any(scenario.adjustments for scenario in chosen.values()):
        return []
    changes = {name: differences(by_scenario, name) for name in ahead}
    moved = [name for name in ahead if moving(changes[name])]
    still = ", ".join(
        name_shown(indicator_row(name, project.indicators), lang) for name in ahead if name not in moved
    )
    reasons += [str(texts(lang)["page"]["unmoved"]).format(indicators=still)] if still else []
    items = [_item(project, results, name, by_scenario, changes[name], lang) for name in moved]
    return [Item(str(texts(lang)["page"]["assumptions"]), None, reasons), *items]


def _item(
    project: Project,
    results: Results,
    indicator: str,
    by_scenario: Mapping[str, Mapping[str, Outcome]],
    changes: pd.DataFrame,
    lang: str,
) -> Item:
    params, concept = results.params, indicator_row(indicator, project.indicators)
    targets, title = known_targets(project, params, indicator), name_shown(concept, lang)
    mine = {name: outcomes[indicator] for name, outcomes in by_scenario.items()}
    labels = {name: project.scenarios[name].label[lang] for name in mine}
    picture = draw(plain(title), plot_scenarios, mine, targets, concept, labels, lang=lang)
    told = describe_scenarios(
        compare_scenarios(by_scenario, indicator),
        changes,
        project.scenarios,
        concept,
        chances=chances(project, params, by_scenario, targets),
        names=target_names(targets, project.indicators, lang),
        lang=lang,
    )
    base = by_scenario[BASELINE]
    needed = [what_it_takes(project, params, base, target) for target in targets]
    lines = describe_needed(needed, targets, project.indicators, lang=lang)
    return Item(title, picture, [*told[:-1], *lines, *told[-1:]])
