"""Random streams: each is named by seed, purpose, area and indicator, and no two are alike."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np


def stream(seed: int, purpose: str, area: str, indicator: str) -> np.random.Generator:
    """Return the random stream of one purpose.

    Parameters
    ----------
    seed : int
        Seed of the run: another one changes every stream.
    purpose : str
        What is drawn, such as `paths`.
    area, indicator : str
        For what; several joined by `+` where they are drawn together, blank where all share the stream.

    Examples
    --------
    >>> from sapa_analysis.core import stream
    >>> town, province = (stream(1, "paths", area, "grdp") for area in ("sa_pa", "lao_cai"))
    >>> town.standard_normal(2).round(2).tolist(), province.standard_normal(2).round(2).tolist()
    ([1.73, -0.6], [-1.32, 2.02])
    """
    name = "\n".join([purpose, area, indicator]).encode()
    return np.random.default_rng([seed, int.from_bytes(blake2b(name, digest_size=16).digest())])
