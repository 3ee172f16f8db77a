"""Families of keys that the told parts of a review make, and where such a number comes from."""

from __future__ import annotations

#: By the beginning of the key; a star stands for any id.
KEYS = {
    "event.": "A number in the words of an event of data/events.csv, by its date and area.",
    "context.most": "A choice of the paper: the most events that one sentence tells.",
    "text.": "A number in the words of a document, as data/documents holds them, or a count that it states.",
    "tasks.": "The number of targets of a group, or of a task, that are not assessed.",
    "shortcomings.": "The number of targets of a document that are late, as the list below it names them.",
    "outlook.": "A heading, or the number of targets that are due, with a result or without.",
    "to_goal.": "The goal against the middle of the forecast of the year due: by how much it lies apart.",
    "assumed.": "What a scenario assumes of an indicator a year, from its file.",
    "*.word_with": "The judgement of the goal if a doubted figure were used, in a word of the day.",
    "*.word_without": "The judgement of the goal as it is, beside that with a doubted figure.",
    "*.to.*.pace": "The change a year between the goal of one document and the later goal of another.",
}
