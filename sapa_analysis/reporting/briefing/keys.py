"""Families of keys that the briefing makes itself, and where a number of each comes from."""

from __future__ import annotations

KEYS = {
    "brief.unjudged": "a count of targets without a verdict, of those of them without a published figure, or "
    "of all targets of the run",
    "brief.unknown": "the count of targets without a figure that the list of the briefing leaves out",
    "brief.other_documents": "the count of goals in documents that have no row of counts in the briefing",
}
