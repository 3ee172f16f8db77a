"""The pages behind results."""

from __future__ import annotations

import pandas as pd

from ..evidence import is_doubted
from .assess import Results


def pages_used(results: Results) -> pd.DataFrame:
    """Return the pages behind the results: source_title, source_url, published, cite_ok.

    Pages of doubted figures are among them: those are printed too.

    Parameters
    ----------
    results : Results
        What `assess_targets` returned.

    Examples
    --------
    >>> from sapa_analysis.pipeline import assess_targets, open_project, pages_used
    >>> project, params = open_project(as_of="2023-06-30")
    >>> pages = pages_used(assess_targets(project, params.with_values(n_paths=100)))
    >>> pages["cite_ok"].value_counts().to_dict()
    {'yes': 24, 'no': 6}
    """
    observed = [outcome.observed for outcome in results.outcomes.values() if outcome.observed is not None]
    columns = ["source_title", "source_url", "published", "cite_ok"]
    told = [series.observations for series in observed]
    frames = [seen.loc[seen["used"] | is_doubted(seen), columns] for seen in told]
    pages = pd.concat(frames) if frames else pd.DataFrame(columns=columns)
    return pages.drop_duplicates(["source_title", "source_url"]).sort_values(["source_title", "source_url"])
