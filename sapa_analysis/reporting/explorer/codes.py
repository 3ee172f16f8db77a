"""A scenario of the page as code: a file that is read back, and a call that gives the same numbers."""

from __future__ import annotations

from typing import Any

import yaml

from ...core import LANGUAGES, Params, load_params, project_root
from ...scenarios import Adjustment, Scenario, scenario_text
from ..language import texts


def yaml_part(part: Adjustment, area: str, day: str) -> str:
    """Return an adjustment as an entry of a scenario file, with all that files demand.

    Examples
    --------
    >>> from sapa_analysis.reporting.explorer.codes import yaml_part
    >>> from sapa_analysis.scenarios import Adjustment
    >>> road = {"reason": "A road.", "source": "a page"}
    >>> part = Adjustment(indicator="visits", effect="multiply", always=1.1, **road)
    >>> print(yaml_part(part, "sa_pa", "2023-06-30"))
    - indicator: visits
      effect: multiply
      always: 1.1
      reason:
        vi: A road.
        en: A road.
      source: a page
      quality: C
      impact: medium
    """
    words = {lang: texts(lang)["explorer"] for lang in LANGUAGES}
    unsaid = {lang: words[lang]["yaml_label"].format(turns=part.indicator) for lang in LANGUAGES}
    source = words["en"]["yaml_source"].format(area=area, day=day)
    whole = scenario_text(Scenario(name="part", adjustments=(part,)), reason=unsaid, source=source)
    said = yaml.safe_load(whole)["adjustments"]
    return str(yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=110)).rstrip("\n")


def python_part(part: Adjustment) -> str:
    """Return an adjustment as Python.

    Examples
    --------
    >>> from sapa_analysis.reporting.explorer.codes import python_part
    >>> from sapa_analysis.scenarios import Adjustment
    >>> python_part(Adjustment(indicator="visits", effect="multiply", always=1.1))
    "sapa.scenarios.Adjustment(indicator='visits', effect='multiply', always=1.1)"
    """
    told = {"indicator": part.indicator, "effect": part.effect}
    rest = {name: getattr(part, name) for name in ("of_year", "values", "always", "shape", "bold")}
    told |= {name: value for name, value in rest.items() if value not in (None, {}, "step", False)}
    return f"sapa.scenarios.Adjustment({', '.join(f'{name}={value!r}' for name, value in told.items())})"


def opened(params: Params) -> str:
    """Return the call that opens the project with these parameters.

    Examples
    --------
    >>> import sapa_analysis as sapa
    >>> from sapa_analysis.reporting.explorer.codes import opened
    >>> project, params = sapa.open_project(as_of="2023-06-30")
    >>> opened(params.with_values(n_paths=100))
    "sapa.open_project(area='sa_pa', as_of='2023-06-30', n_paths=100)"
    """
    usual = load_params(project_root() / "params/baseline.yml").with_values(
        area=params.area, as_of=params.as_of
    )
    own, known = params.model_dump(mode="json"), usual.model_dump(mode="json")
    told = {"area": params.area, "as_of": str(params.as_of)}
    told |= {name: value for name, value in own.items() if value != known[name] and name != "scenarios"}
    return f"sapa.open_project({', '.join(f'{name}={value!r}' for name, value in told.items())})"


def codes_of(scenario: Scenario, area: str, day: str) -> dict[str, Any]:
    """Return what the page copies of a scenario: its entries in a file, and in Python."""
    return {
        "yaml": [yaml_part(part, area, day) for part in scenario.adjustments],
        "python": [python_part(part) for part in scenario.adjustments],
        "area": scenario.area or area,
        "judged": str(scenario.judged_on or "any"),
    }
