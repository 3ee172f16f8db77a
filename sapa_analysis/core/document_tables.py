"""Declared tables of the documents: the papers that set targets, and the targets."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from .table_terms import DATE, DOCUMENT_KINDS, FIELDS, GRADES, ID, MEASURES, SENSES, YES_NO


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
