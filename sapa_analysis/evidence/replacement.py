"""Replacement: what the office says of a period stands in the place of what pages printed of it."""

from __future__ import annotations

import pandas as pd

from ..core import OFFICE

#: A figure of the office speaks of the same as a public one that agrees with it in these.
SUBJECT = ["indicator_id", "area", "period", "freq"]


def parted(evidence: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows that count, and those that a figure of the office replaces.

    It replaces all public rows of its indicator, area, period and freq; an estimate of the office replaces
    public estimates only, and joins actuals. Call `known_by` first: only what is known on a day replaces.

    Parameters
    ----------
    evidence : pandas.DataFrame
        Rows of the evidence, those of the office among them.

    Examples
    --------
    >>> import pandas as pd
    >>> from sapa_analysis.evidence import parted
    >>> page = {"indicator_id": "rooms", "area": "sa_pa", "period": "2019", "freq": "A", "kind": "actual",
    ...         "value": 700.0, "source_url": "https://sapa.laocai.gov.vn"}
    >>> own = page | {"value": 712.0, "source_url": "office:Báo cáo 215-BC/TU"}
    >>> [part["value"].tolist() for part in parted(pd.DataFrame([page, own]))]
    [[712.0], [700.0]]
    >>> [part["value"].tolist() for part in parted(pd.DataFrame([page, own | {"kind": "estimate"}]))]
    [[700.0, 712.0], []]
    """
    if "source_url" not in evidence:  # tables of your own may lack it
        return evidence, evidence.iloc[:0]
    own = evidence["source_url"].fillna("").astype(str).str.startswith(OFFICE)
    if not own.any():
        return evidence, evidence.iloc[:0]
    subjects, firm = pd.MultiIndex.from_frame(evidence[SUBJECT]), evidence["kind"] == "actual"
    gone = subjects.isin(subjects[own & firm]) | (subjects.isin(subjects[own]) & ~firm)
    gone = gone & ~own
    return evidence[~gone], evidence[gone]
