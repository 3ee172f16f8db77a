"""What changed since the last edition, in lines for a briefing and in a table for a review."""

from __future__ import annotations

from ..pipeline import Changes as Changes
from ..pipeline import changes_since as changes_since
from .paper.model import Table

#: Families of keys of these texts, and where such a number comes from.
KEYS: dict[str, str] = {}


def describe_changes(changes: Changes, lang: str, most: int = 5) -> list[str]:
    """Return what changed since the last edition in a few lines for leaders, tagged.

    First the results that came in and the judgements that changed by what was published, then the number of
    those that changed for other reasons, and the new figures that changed no judgement. A line without any
    change says so; the list is never empty.

    Parameters
    ----------
    changes : Changes
        As `changes_since` returns them.
    lang : {"vi", "en"}
        Language.
    most : int
        Lines at most.
    """
    raise NotImplementedError


def changes_table(changes: Changes, lang: str) -> Table:
    """Return for a review what changed since the last edition: a row per core target and changed judgement.

    Columns are the target, its judgement before and now, its middle before and now, the parts of that change
    by cause (which sum to it as printed), and the new figures with their pages.
    """
    raise NotImplementedError
