"""Verdict words with their fixed probability thresholds, and the outlooks of a first page."""

from __future__ import annotations

#: The lowest probability of each word, that value included; source: method note, section 4.
FLOORS = {"very_likely": 0.90, "likely": 0.66, "even": 0.33, "unlikely": 0.10, "very_unlikely": 0.0}
STATUSES = ("met", "missed", *FLOORS, "plan_only", "not_assessed")
#: Without a probability: nothing to judge by, or nothing but the plan itself.
OPEN = ("plan_only", "not_assessed")

#: Which words a first page counts together.
OUTLOOKS = {
    "likely": ("met", "very_likely", "likely"),
    "even": ("even",),
    "unlikely": ("unlikely", "very_unlikely", "missed"),
    "plan_only": ("plan_only",),
    "not_assessed": ("not_assessed",),
}

#: From the worst to the best; `OPEN` is next to `even`, because the target can still go either way.
FROM_WORST = (
    "missed", "very_unlikely", "unlikely", "not_assessed", "plan_only", "even", "likely", "very_likely",
    "met",
)  # fmt: skip


def word_of(probability: float) -> str:
    """Return the word for a probability between 0 and 1, by `FLOORS`.

    Parameters
    ----------
    probability : float
        From 0 to 1.

    Examples
    --------
    >>> from sapa_analysis.core import word_of
    >>> [word_of(probability) for probability in (0.9, 0.7, 0.5, 0.05)]
    ['very_likely', 'likely', 'even', 'very_unlikely']
    """
    return next(word for word, floor in FLOORS.items() if probability >= floor)
