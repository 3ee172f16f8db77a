"""Small invented rows, series and pictures: a test changes only what it speaks of."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from sapa_analysis.core.period import parse_period
from sapa_analysis.core.scale import SCALES
from sapa_analysis.core.types import OWN_BASES, YearlySeries
from sapa_analysis.core.yearly import last_year_ended, yearly_index
from sapa_analysis.evidence import Vintage


def observation(period: str, value: float, freq: str = "A", **changed: object) -> dict[str, object]:
    """Return a row of the evidence: an exact actual of grade B, published in February of the next year."""
    return {
        "id": "", "indicator_id": "tourist_arrivals", "area": "sa_pa", "period": period, "freq": freq,
        "value": float(value), "unit": "visits", "kind": "actual", "bound": "exact", "digits": 6,
        "through": "",
        "published": f"{parse_period(period, freq).end.year + 1}-02-01", "grade": "B", "cite_ok": "yes",
        "source_title": "A page", "source_url": "https://example.org/page", "statement": "", "note": "",
    } | changed  # fmt: skip


def evidence(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(observation("2020", 1)))


def concepts(
    scale: str = "log", nature: str = "flow", field: str = "tourism", **changed: object
) -> pd.DataFrame:
    """Return a catalogue of one indicator, visits."""
    cells = {
        "scale": scale,
        "nature": nature,
        "field": field,
        "unit": "visits",
        "growth_of": "",
        "prices": "",
        "steps": "",
        "decimals": 0,
    }
    return pd.DataFrame([cells | changed], index=["tourist_arrivals"])


def vintage(
    *rows: dict[str, object],
    as_of: str | date | None = None,
    indicators: pd.DataFrame | None = None,
    covariates: pd.DataFrame | None = None,
) -> Vintage:
    """Return what a day knows of these rows of evidence."""
    nothing = pd.DataFrame(columns=["series", "period", "value", "published"])
    whole = Vintage(
        evidence=evidence(*rows),
        indicators=concepts() if indicators is None else indicators,
        areas=pd.DataFrame(columns=["level"]),
        covariates=nothing if covariates is None else covariates,
    )
    return whole.as_of(as_of)


def yearly(
    values: Mapping[int, float],
    *,
    bases: Mapping[int, str] | None = None,
    sd: Mapping[int, float] | None = None,
    draws: Mapping[int, list[float]] | None = None,
    scale: str = "log",
    area: str = "sa_pa",
    indicator: str = "tourist_arrivals",
    unit: str = "visits",
    as_of: date | None = None,
) -> YearlySeries:
    """Return a series with these estimates, exact where neither `sd` nor `draws` says otherwise.

    A year after the last that had ended on `as_of` is the running one.
    """
    years = yearly_index(list(values))
    estimate = np.array(list(values.values()), dtype=float)
    table = pd.DataFrame(
        {"estimate": estimate, "sd": [(sd or {}).get(year, 0.0) for year in values],
         **dict.fromkeys(["lower_80", "upper_80", "lower_95", "upper_95"], estimate), "n_observations": 1,
         "basis": [(bases or {}).get(year, "year") for year in values],
         "best": [value if (bases or {}).get(year, "year") in OWN_BASES else np.nan for year, value in values.items()]},
        index=years,
    )  # fmt: skip
    width = len(next(iter(draws.values()))) if draws else 50
    paths = [(draws or {}).get(year, [value] * width) for year, value in values.items()]
    ended = np.array(list(values)) <= (max(values) if as_of is None else last_year_ended(as_of))
    readings = SCALES[scale].to_model(estimate)
    rows = [
        observation(str(year), value)
        | {"year": year, "basis": "year" if over else "part_year", "used": True, "implied": float(value), "sd": 0.0}
        | {"reading": reading, "own_sd": (sd or {}).get(year, 0.0), "shared_sd": 0.0, "cause": ""}
        | {"leads": (bases or {}).get(year, "year") in OWN_BASES, "wrong": 0.0, "share": 1.0 if over else 0.5}
        | {"first": year, "form": "level"}
        for (year, value), over, reading in zip(values.items(), ended, readings, strict=True)
    ]  # fmt: skip
    observations = pd.DataFrame(rows, columns=list(rows[0]) if rows else None)
    drawn = pd.DataFrame(paths, index=years)[ended]
    running = None if ended.all() else table[~ended]
    return YearlySeries(
        indicator, area, unit, scale, as_of, table[ended], observations, drawn, running=running
    )


def target(measure: str = "level", sense: str = "at_least", value: float = 3.0, **changed: object) -> dict:
    """Return a row of the targets."""
    return {
        "id": "plan.tourist_arrivals", "document": "plan", "clause": "9", "indicator_id": "tourist_arrivals",
        "area": "sa_pa", "measure": measure, "start": pd.NA, "end": 2025, "sense": sense, "value": value,
        "value_high": np.nan, "tolerance": np.nan, "unit": "visits",
    } | changed  # fmt: skip


def one_point() -> bytes:
    """Return a picture of one black point."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\0")),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
