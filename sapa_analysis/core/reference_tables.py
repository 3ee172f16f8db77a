"""Declared tables of the reference class: figures of other places, those places, breaks of counting."""

from __future__ import annotations

import pandera.pandas as pa

from .table_terms import BOUNDS, DATE, ID, KINDS

COUNTINGS = ("visits", "lodging_guests", "tickets")
LEVELS = ("province", "city", "town", "district", "site")


class ReferenceVisits(pa.DataFrameModel):
    """One figure of another place a row, printed by a page or derived from one that was printed."""

    place: str = pa.Field(str_matches=f"^{ID}$", description="which place: one of places.csv")
    indicator_id: str = pa.Field(
        str_matches=f"^{ID}$", description="what was measured: an id of indicators.csv"
    )
    period: str = pa.Field(description="2022 · 2022-01/2022-10")
    freq: str = pa.Field(isin=("A", "YTD"), description="A year, YTD January to a month")
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
    counting: str = pa.Field(
        isin=COUNTINGS, description="what is counted: all visits, guests that stay overnight, or tickets"
    )
    derived_from: str = pa.Field(
        str_matches=r"^([0-9]+ / [0-9.]+)?$",
        description="a printed figure and what it is divided by; blank where the value itself was printed",
    )
    published: str = pa.Field(
        str_matches=rf"^({DATE})?$",
        description="date of the page; incomplete counts as its last day, blank is known to no dated edition",
    )
    source_title: str = pa.Field(str_length={"min_value": 1}, description="title of the page")
    source_url: str = pa.Field(description="address of the page; where it is blank the note says why")
    note: str = pa.Field(description="rounding, conflicts, scope")

    class Config:
        """No column may be missing or unknown."""

        strict = True


class ReferencePlaces(pa.DataFrameModel):
    """A place of the reference class: what its figures count, and how near it is to the area."""

    place: str = pa.Field(str_matches=f"^{ID}$", unique=True, description="id of the place")
    name_vi: str = pa.Field(str_length={"min_value": 2}, description="name in Vietnamese")
    name_en: str = pa.Field(str_length={"min_value": 2}, description="name in English")
    level: str = pa.Field(isin=LEVELS, description="province, city, town, district, or a single site")
    counts: str = pa.Field(str_length={"min_value": 2}, description="what its figures count")
    nearness: str = pa.Field(
        str_length={"min_value": 2}, description="why it is near to the area of the project, or far"
    )

    class Config:
        """No column may be missing or unknown."""

        strict = True


class ReferenceBreaks(pa.DataFrameModel):
    """A break of counting: no share and no growth of a place goes across it."""

    place: str = pa.Field(str_matches=f"^{ID}$", description="which place: one of places.csv")
    year: int = pa.Field(
        in_range={"min_value": 1990, "max_value": 2050}, description="first year of the new counting"
    )
    reason: str = pa.Field(str_length={"min_value": 2}, description="what shows that the counting changed")

    class Config:
        """No column may be missing or unknown."""

        strict = True
