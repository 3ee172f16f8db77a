"""Families of keys that the report of a period makes, and where such a number comes from."""

from __future__ import annotations

#: By the beginning of the key; a star stands for any id.
KEYS = {
    "period.title": "The months of the title: those of the running year that have ended.",
    "period.of_plan.": "The figure of the months as printed, over the goal of the year.",
    "period.growth.": "The figure of the months against that of the same months of the year before.",
    "period.a_month.": "What the goal leaves to do, over the months that are left.",
    "period.since.": "The last month of the figure.",
    "period.months.": "The months that are left after those of the figure.",
    "period.counts.": "A count of the goals of the year, or of those with a figure of its months.",
}
