"""One page for each forecasting model: what it assumes, its formula, when it is used, how accurate it was."""

from __future__ import annotations

import re
from inspect import unwrap
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from site_gallery import drawn_by

from sapa_analysis.forecasting import HEADLINE, MODELS, error_record

ROOT = Path(__file__).parents[2]
#: The example of every page: twelve figures, and the four that came.
EXAMPLE = """\
import pandas as pd
import sapa_analysis as sapa

file = "data/covariates/viet_nam_international_arrivals_annual.csv"
arrivals = pd.read_csv(file, index_col="period")["value"].rename("arrivals")
known = arrivals.loc[2004:2015]
fan = sapa.forecast(known, "{name}", horizon=4, unit="visits", seed=1)
axes = fan.plot(lang="en")
said = fan.summary(levels=[80]).assign(came=arrivals.loc[2016:2019].to_numpy(float))
"""
#: Whole histories in `benchmarks/README.md`: one row for each model.
_MEASURED = re.compile(r"### Whole histories, (?P<n>[\d,]+) series\n\n(?P<table>\|.*?)\n\n", re.DOTALL)


def model_pages() -> dict[str, str]:
    """Return the page of each model, and the page of all, as Markdown by their path in the site."""
    told = yaml.safe_load((Path(__file__).parent / "models.yml").read_text(encoding="utf-8"))
    pages = {f"models/{name}.md": _page(name, told[name]) for name in MODELS}
    return pages | {"models/index.md": _index(told)}


def _index(told: dict[str, Any]) -> str:
    rows = [
        f"| [{told[name]['title']}]({name}.md) | {MODELS[name].assumes} | {MODELS[name].min_years} |"
        for name in MODELS
    ]
    toctree = "\n".join(MODELS)
    return f"""# Forecasting models

Each takes a short history and simulates paths. One makes every result that is printed, the headline
({{doc}}`{told[HEADLINE]["title"].lower()} <{HEADLINE}>`); the others are second opinions.
`sapa.forecast(series, "theta")` takes one for a series of your own,
`sapa run 02_trajectory -p method theta` for an indicator.

| Model | It assumes that | Figures needed |
|---|---|---:|
{chr(10).join(rows)}

A quantity of an area that has next to no figures of its own may follow the area above it plus a premium
(`method` is then `premium`):
[decision 47](../decisions/0047-growth-and-population-follow-the-area.md).

## Measured

{_measured(None)}

```{{toctree}}
:hidden:

{toctree}
```
"""


def _page(name: str, told: dict[str, Any]) -> str:
    model = MODELS[name]
    code = unwrap(model.simulate)
    where = f'`sapa_analysis/forecasting/models.py`, `MODELS["{name}"]`'
    library = f"`{told['statsmodels']}`" if told["statsmodels"] else "none: it is a closed form"
    more = " · ".join(_link(path) for path in told["more"])
    own = (code.__doc__ or "").split("\n\n")[0].strip().splitlines()
    held = _held() if name == HEADLINE else ""
    return f"""# {told["title"]}

`{name}`. It assumes: {model.assumes}. Figures needed: {model.min_years} ({model.needs}).

## Formula

```{{math}}
{told["formula"].strip()}
```

{told["where"].strip()}

## When it is used

{told["used"].strip()}

## Measured

{_measured(name)}
{held}
## An example

{{py:func}}`sapa.forecast <sapa_analysis.forecasting.forecast>` makes it. Arrivals from abroad in Viet Nam, of
which the last years are held back; `came` is what came. One series is no test of a model: what it met
here is a surge.

```python
{EXAMPLE.format(name=name).strip()}
```

```{{literalinclude}} {name}.txt
:language: text
```

![History of the arrivals to 2015, and the fan chart of {told["title"]} to 2019]({name}.svg)

## Where it is

Code: {where}{f" ({' '.join(own)})" if code.__name__ == name else ""}

statsmodels: {library}

More: {more}
"""


def _link(path: str) -> str:
    title = (ROOT / path).read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    return f"[{title}](../{path.removeprefix('docs/')})"


def _measured(name: str | None) -> str:
    """Return the rows of the benchmark for a model beside the headline and naive, or for all."""
    text = (ROOT / "benchmarks/README.md").read_text(encoding="utf-8")
    found = _MEASURED.search(text)
    assert found, "benchmarks/README.md has no table of whole histories"
    cells = [[cell.strip() for cell in line.strip("| ").split("|")] for line in found["table"].splitlines()]
    head, rows = cells[0], {row[0]: row for row in cells[2:]}
    chosen = list(MODELS) if name is None else list(dict.fromkeys([name, HEADLINE, "naive"]))
    columns = [head.index(word) for word in ("MASE", "sMAPE", "WIS", "in 80 %", "in 95 %")]
    lines = [
        "| | MASE | sMAPE, % | WIS | in its 80 %, % | in its 95 %, % |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for each in chosen:
        lines.append(f"| `{each}` | " + " | ".join(rows[each][place] for place in columns) + " |")
    told = (
        f"{found['n']} whole histories without a break (M1 and M3 yearly, visits to parks, GDP of countries)."
        " Errors of the headline were learned on the other sets. Smaller is better; 80 and 95 are what the "
        "intervals should hold\n([benchmarks](../benchmarks.md))."
    )
    return "\n".join([told, "", *lines, ""])


def _held() -> str:
    """Return how often the intervals of the headline held on sets left out, from the shipped record."""
    record = error_record()
    amounts = record[(record["kind"] == "amount") & record["years"].isin([1, 2, 3, 4, 8, 12, 20, 100])]
    table = amounts.pivot_table(index="years", columns="set", values="held_80", sort=False)
    heads = " | ".join(str(name).replace("_", " ") for name in table.columns)
    rows = [
        f"| {'whole' if years == 100 else years} | " + " | ".join(f"{value:.0f}" for value in row) + " |"
        for years, row in zip(table.index, table.to_numpy(), strict=True)
    ]
    return (
        "\nHow often its 80 % intervals held amounts of a set left out when the widths were learned, "
        "percent of outcomes, by years of history (`sapa.forecasting.error_record()`; more in\n"
        "[results](../results.md)):\n\n"
        f"| years | {heads} |\n|---:|" + "---:|" * len(table.columns) + "\n" + "\n".join(rows) + "\n"
    )


def draw_models() -> dict[str, bytes]:
    """Run the example of each model, and return picture and table by their place in the site."""
    made: dict[str, bytes] = {}
    for name in MODELS:
        space: dict[str, Any] = {}
        [picture] = drawn_by(EXAMPLE.format(name=name), space)
        with pd.option_context("display.float_format", "{:,.0f}".format):
            printed = space["said"].round(-4).to_string()
        made |= {f"models/{name}.svg": picture, f"models/{name}.txt": f"{printed}\n".encode()}
    return made
