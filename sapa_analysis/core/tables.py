"""Declared tables: meaning, unit and permitted values of each column.

`data/datapackage.json` is generated from these classes; readers check every file against them.
Missing text is the empty string, a missing number is NA.
"""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from .reference_tables import ReferenceBreaks, ReferencePlaces, ReferenceVisits
from .table_terms import (
    BOUNDS,
    DATE,
    DAY,
    DOCUMENT_KINDS,
    FIELDS,
    FREQS,
    GRADES,
    ID,
    KINDS,
    MEASURES,
    NATURES,
    SCALE_NAMES,
    SENSES,
    YES_NO,
)


class Observations(pa.DataFrameModel):
    """One published number a row: a result or an estimate that a named page printed."""

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


class Documents(pa.DataFrameModel):
    """A paper that sets targets, with the day on which it counts as known."""

    document: str = pa.Field(
        str_matches=r"^[a-z0-9_][a-z0-9_.-]*$", unique=True, description="id of the document"
    )
    name_vi: str = pa.Field(str_length={"min_value": 2}, description="name in Vietnamese")
    name_en: str = pa.Field(str_length={"min_value": 2}, description="name in English")
    kind: str = pa.Field(isin=DOCUMENT_KINDS, description="what sort of paper it is")
    area: str = pa.Field(str_matches=f"^{ID}$", description="whose document it is")
    published: str = pa.Field(str_matches=f"^{DATE}$", description="when it counts as known")
    date_basis: str = pa.Field(str_length={"min_value": 2}, description="where that date comes from")
    source_title: str = pa.Field(str_length={"min_value": 1}, description="title of the page or text")
    source_url: str = pa.Field(description="address of the page")
    note: str = pa.Field(description="remarks")

    class Config:
        """No column may be missing or unknown."""

        strict = True


class Targets(pa.DataFrameModel):
    """One quantified target a row, as printed; the rules between columns are in `core.Target`."""

    id: str = pa.Field(str_matches=r"^[a-z0-9_][a-z0-9_.-]*$", unique=True, description="id of the target")
    document: str = pa.Field(description="a document of documents.csv")
    clause: str = pa.Field(description="group number in the resolution, or clause")
    indicator_id: str = pa.Field(
        str_matches=f"^{ID}$", description="what is to be reached: an id of indicators.csv"
    )
    area: str = pa.Field(str_matches=f"^{ID}$", description="for which boundary")
    measure: str = pa.Field(
        isin=MEASURES,
        description="level or growth of the year `end`; mean growth or total over start to end; yes or no",
    )
    start: pd.Int64Dtype = pa.Field(nullable=True, description="first year of a term")
    end: int = pa.Field(
        in_range={"min_value": 1990, "max_value": 2050}, description="year by which it is due"
    )
    sense: str = pa.Field(
        isin=SENSES, description="trên: more_than; dưới: less_than; bare numbers by the indicator"
    )
    sense_inferred: str = pa.Field(isin=YES_NO, description="yes where the document prints a bare number")
    value: float = pa.Field(description="the number in `unit`")
    value_high: float = pa.Field(nullable=True, description="upper end of `between`")
    tolerance: float = pa.Field(nullable=True, description="half width of `about`, where printed")
    unit: str = pa.Field(str_matches=f"^{ID}$", description="unit of the value: the indicator's one unit")
    fraction: str = pa.Field(
        str_matches=r"^([0-9]+/[0-9]+)?$", description="the fraction printed beside a percentage"
    )
    printed: str = pa.Field(description="the words of the document, in Vietnamese, where we hold them")
    field: str = pa.Field(isin=FIELDS, description="field of policy")
    unit_in_charge: str = pa.Field(
        description="the unit in charge as the office names it; blank: the usual one"
    )
    published: str = pa.Field(str_matches=f"^{DATE}$", description="when the target was known")
    grade: str = pa.Field(isin=GRADES, description="grade of the page, as for observations")
    cite_ok: str = pa.Field(isin=YES_NO, description="may an official paper cite the page?")
    source_title: str = pa.Field(
        str_length={"min_value": 1}, description="title of the earliest page that states it"
    )
    source_url: str = pa.Field(description="its address")
    also_at: str = pa.Field(description=";-list of other pages that repeat it")
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
    "documents": Documents,
    "targets": Targets,
    "reference/visits": ReferenceVisits,
    "reference/places": ReferencePlaces,
    "reference/breaks": ReferenceBreaks,
}
