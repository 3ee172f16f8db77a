"""The few figures of a review: the core subjects, side by side under their field."""

from __future__ import annotations

from collections.abc import Mapping

from ...pipeline import Project, Results
from ..paper.model import Block


def pictures_of(project: Project, results: Results, lang: str) -> Mapping[str, Block]:
    """Return the figures by field."""
    return {}
