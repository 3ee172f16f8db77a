"""Declared tables: meaning, unit and permitted values of each column.

`data/datapackage.json` is generated from these classes; readers check every file against them.
Missing text is the empty string, a missing number is NA.
"""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from .document_tables import Documents, Targets
from .reference_tables import ReferenceBreaks, ReferencePlaces, ReferenceVisits
from .table_terms import (
    BOUNDS,
    DATE,
    DAY,
    EVENT_KINDS,
    FIELDS,
    FREQS,
    GRADES,
    ID,
    KINDS,
    NATURES,
    SCALE_NAMES,
    YES_NO,
)


class Observations(pa.DataFrameModel):
    """One published number a row: a result or an estimate that a named page printed."""

    id: str = pa.Field(
        str_matches=r"^([A-Za-z0-9][A-Za-z0-9_.-]*)?$",
        description="id of the row, which stays whatever is mended in it",
    )
    indicator_id: str = pa.Field(
        str_matches=f"^{ID}$", description="what was measured: an id of indicators.csv"
    )
    area: str = pa.Field(str_matches=f"^{ID}$", description="which boundary: an area of areas.csv")
    period: str = pa.Field(
        description="2022 · 2022-Q1 · 2022-05 · 2022-01/2022-10 · 2021/2025 · a holiday's days"
    )
    freq: str = pa.Field(
        isin=FREQS,
        description="A year, Q quarter, M month, YTD January to a month, TERM several years, EVENT holiday",
    )
    value: float = pa.Field(description="the number in `unit`, decimal point, no thousands mark")
    unit: str = pa.Field(str_matches=f"^{ID}$", description="unit of the value: the indicator's one unit")
    kind: str = pa.Field(
        isin=KINDS,
        description="actual, or estimate (the page expects it, or printed it before the period closed)",
    )
    bound: str = pa.Field(
        isin=BOUNDS, description="how the page qualifies the number: exact, over, under (nearly), about"
    )
    digits: int = pa.Field(
        in_range={"min_value": 1, "max_value": 12}, description="significant digits as printed"
    )
    through: str = pa.Field(
        str_matches=rf"^({DAY})?$", description="last day counted when it is not the period's last day"
    )
    published: str = pa.Field(
        str_matches=rf"^({DATE})?$",
        description="date of the page; incomplete counts as its last day, blank is known to no dated edition",
    )
    grade: str = pa.Field(
        isin=GRADES, description="A official document, B press quoting officials, C secondary or recollection"
    )
    cite_ok: str = pa.Field(isin=YES_NO, description="may an official paper cite the page?")
    source_title: str = pa.Field(str_length={"min_value": 1}, description="title of the page")
    source_url: str = pa.Field(str_length={"min_value": 1}, description="address of the page")
    statement: str = pa.Field(str_length={"min_value": 1}, description="what the page says, in our words")
    note: str = pa.Field(description="rounding, conflicts, scope")

    class Config:
        """No column may be missing or unknown."""

        strict = True


class Indicators(pa.DataFrameModel):
    """One concept a row: its names, unit, scale, and what it derives from."""

    indicator_id: str = pa.Field(str_matches=f"^{ID}$", unique=True, description="id of the concept")
    name_vi: str = pa.Field(str_length={"min_value": 2}, description="name in Vietnamese")
    name_en: str = pa.Field(str_length={"min_value": 2}, description="name in English")
    group: pd.Int64Dtype = pa.Field(
        nullable=True,
        in_range={"min_value": 1, "max_value": 25},
        description="group of targets in the 2023 resolution",
    )
    field: str = pa.Field(isin=FIELDS, description="field of policy")
    unit: str = pa.Field(str_matches=f"^{ID}$", description="the one unit in which it is stated")
    decimals: int = pa.Field(
        in_range={"min_value": 0, "max_value": 4}, description="decimals shown to a reader"
    )
    scale: str = pa.Field(isin=SCALE_NAMES, description="scale of the model")
    prices: str = pa.Field(
        str_matches=r"^(current|constant)?$",
        description="prices of an amount of VND: current, or constant (never deflated); constant too for "
        "growth in volume, from which the amount is forecast; blank for all else",
    )
    steps: str = pa.Field(
        isin=("", "people", "output", "budget"),
        description="how large its yearly steps are: as of a number of people, of output, of a budget; "
        "blank: as of visits and other amounts",
    )
    nature: str = pa.Field(
        isin=NATURES, description="flow adds up over months, stock is a state at a date, rate is neither"
    )
    better: str = pa.Field(isin=("more", "less", "none"), description="which direction is an improvement")
    role: str = pa.Field(isin=("primary", "derived"), description="modelled itself, or computed from others")
    formula: str = pa.Field(description="how a derived indicator follows from others")
    growth_of: str = pa.Field(description="the indicator whose yearly growth in percent this one is")
    part_of: str = pa.Field(str_matches=rf"^({ID})?$", description="the whole whose shares sum to 100")
    lower: float = pa.Field(description="least plausible value, in `unit`")
    upper: float = pa.Field(description="greatest plausible value, in `unit`")
    goal: str = pa.Field(isin=YES_NO, description="do the documents set a target for it?")
    note: str = pa.Field(description="traps of definition")
    broke: str = pa.Field(
        description="years in which a shock broke it, as 2020, 2020-2022 or 2020-2021;2024; blank: none did"
    )
    broke_why: str = pa.Field(
        str_length={"min_value": 2}, description="what broke and when, or why nothing did"
    )

    class Config:
        """No column may be missing or unknown."""

        strict = True


class Areas(pa.DataFrameModel):
    """A territory with the time for which its boundary holds."""

    area: str = pa.Field(str_matches=f"^{ID}$", unique=True, description="id of the area")
    name_vi: str = pa.Field(str_length={"min_value": 2}, description="name in Vietnamese")
    name_en: str = pa.Field(str_length={"min_value": 2}, description="name in English")
    level: str = pa.Field(
        isin=("nation", "province", "district", "commune"), description="administrative level"
    )
    parent: str = pa.Field(description="the area it lies in")
    valid_from: str = pa.Field(
        str_matches=rf"^({DAY})?$", description="first day of the boundary; blank is open"
    )
    valid_to: str = pa.Field(
        str_matches=rf"^({DAY})?$", description="last day of the boundary; blank is open"
    )
    predecessors: str = pa.Field(
        str_matches=rf"^({ID}(;{ID})*)?$", description=";-list of the areas whose territory it took over"
    )
    note: str = pa.Field(description="what changed")

    class Config:
        """No column may be missing or unknown."""

        strict = True


class Events(pa.DataFrameModel):
    """A dated shock, opening or change of boundary."""

    date: str = pa.Field(str_matches=f"^{DATE}$", description="day, month or year of the event")
    kind: str = pa.Field(
        isin=EVENT_KINDS,
        description="what it is to the area: access, standing, epidemic, reopening, disaster or boundary",
    )
    event: str = pa.Field(str_length={"min_value": 1}, description="what happened")
    event_vi: str = pa.Field(str_length={"min_value": 1}, description="the same in Vietnamese")
    name_vi: str = pa.Field(
        str_length={"min_value": 2, "max_value": 45},
        description="short name in Vietnamese; rows that agree up to a colon are one event in figures",
    )
    name_en: str = pa.Field(
        str_length={"min_value": 2, "max_value": 45}, description="short name in English, likewise"
    )
    area: str = pa.Field(
        str_matches=f"^{ID}$", description="where: it counts for this area of areas.csv and those within it"
    )
    indicator_affected: str = pa.Field(description=";-list of indicators, or all")
    source_url: str = pa.Field(str_length={"min_value": 1}, description="address of the page")
    published: str = pa.Field(str_matches=f"^{DATE}$", description="when the page was published")
    statement: str = pa.Field(str_length={"min_value": 1}, description="what the page says, in our words")

    class Config:
        """No column may be missing or unknown."""

        strict = True


class Covariates(pa.DataFrameModel):
    """A value of a machine-readable series of Viet Nam; the file's name is the series."""

    period: str = pa.Field(
        str_matches=r"^[0-9]{4}(-Q[1-4]|-[0-9]{2})?$", description="year, quarter or month"
    )
    value: float = pa.Field(description="the number in `unit`")
    unit: str = pa.Field(str_matches=r"^[a-z][a-z0-9_]*$", description="unit of the value")
    published: str = pa.Field(
        str_matches=f"^{DATE}$", description="when the value was out, by the stated release rule"
    )
    source_url: str = pa.Field(str_length={"min_value": 1}, description="address of the file")
    licence: str = pa.Field(
        str_length={"min_value": 1}, description="licence of the source, or what is known of it"
    )
    note: str = pa.Field(description="vintage and revisions")

    class Config:
        """No column may be missing or unknown."""

        strict = True


class Definitions(pa.DataFrameModel):
    """Another way in which an indicator was counted: its figures stand apart from the series."""

    definition: str = pa.Field(
        str_matches=r"^[a-z0-9_][a-z0-9_.-]*$", unique=True, description="id of the definition"
    )
    indicator_id: str = pa.Field(str_matches=f"^{ID}$", description="what was counted otherwise")
    area: str = pa.Field(str_matches=f"^{ID}$", description="where: this area and all that lie in it")
    until: str = pa.Field(
        str_matches=r"^([0-9]{4})?$", description="last year counted so; blank where it is one source alone"
    )
    only_at: str = pa.Field(description="the one page whose figures are counted so; blank for all pages")
    name_vi: str = pa.Field(str_length={"min_value": 2}, description="name in Vietnamese")
    name_en: str = pa.Field(str_length={"min_value": 2}, description="name in English")
    basis: str = pa.Field(isin=("printed", "inferred"), description="whether a page says so, or we infer it")
    published: str = pa.Field(str_matches=f"^{DATE}$", description="when it could be known")
    source_title: str = pa.Field(str_length={"min_value": 1}, description="title of the page that shows it")
    source_url: str = pa.Field(str_length={"min_value": 1}, description="its address")
    reason_vi: str = pa.Field(str_length={"min_value": 10}, description="why they stand apart, in Vietnamese")
    reason_en: str = pa.Field(str_length={"min_value": 10}, description="why they stand apart, in English")

    class Config:
        """No column may be missing or unknown."""

        strict = True


class Whereabouts(pa.DataFrameModel):
    """A document or page in which missing figures probably stand."""

    indicators: str = pa.Field(
        str_length={"min_value": 1}, description=";-list of indicators of which it has figures, or all"
    )
    area: str = pa.Field(str_matches=f"^{ID}$", description="of which area")
    first_year: pd.Int64Dtype = pa.Field(nullable=True, description="first year it covers; blank if unknown")
    last_year: pd.Int64Dtype = pa.Field(nullable=True, description="last year; blank: every year since")
    name_vi: str = pa.Field(str_length={"min_value": 2}, description="name in Vietnamese")
    name_en: str = pa.Field(str_length={"min_value": 2}, description="name in English")
    look_for: str = pa.Field(str_length={"min_value": 2}, description="address or number to look for")
    published: str = pa.Field(
        str_matches=f"^({DATE})?$",
        description="since when it can be asked for; blank is known to no dated edition",
    )
    note: str = pa.Field(description="remarks")

    class Config:
        """No column may be missing or unknown."""

        strict = True


#: The tables kept as files, by the name of their file or folder.
FILE_TABLES: dict[str, type[pa.DataFrameModel]] = {
    "evidence": Observations,
    "indicators": Indicators,
    "areas": Areas,
    "events": Events,
    "covariates": Covariates,
    "definitions": Definitions,
    "whereabouts": Whereabouts,
    "documents": Documents,
    "targets": Targets,
    "reference/visits": ReferenceVisits,
    "reference/places": ReferencePlaces,
    "reference/breaks": ReferenceBreaks,
}
