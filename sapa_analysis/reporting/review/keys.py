"""Families of keys that a review makes, and where such a number comes from."""

from __future__ import annotations

from .part_keys import KEYS as PART_KEYS

#: By the beginning of the key; a star stands for any id.
KEYS = {
    "review.heading.": "The number of a heading.",
    "review.annex.": "The number of a row of the annex: the group of its document and the place in it.",
    "review.bands.": "The level of a band of completion, from the fixed bands of reports.",
    "review.counts.": "A count of groups or targets of a document, from the verdicts of the run.",
    "review.fields.": "A count of the targets of a field, from the verdicts of the run.",
    "review.wanted": "The number of targets that cannot be assessed, from the verdicts of the run.",
    "*.of_goal": "The figure as printed, of part of a year, over the goal as printed.",
    "*.judged": "The judgement of the goal beside which it stands.",
    "*.part": "A number in the period of a published figure.",
    "*.fraction": "A number of the fraction that a percentage was written as.",
    "*.number": "The number of a group in its document.",
    "*.unit.": "A number in the words of a unit.",
    "*.name.": "A number in the name of a document or an indicator.",
} | PART_KEYS
