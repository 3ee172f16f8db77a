"""Sentences for a reader: every number in them is looked up and marked, none is typed."""

from .documents import describe_comparisons, describe_consistency
from .evidence import describe_coverage, describe_evidence
from .register import describe_kept
from .results import (
    describe_boundary,
    describe_needs,
    describe_trajectory,
    describe_verdicts,
    explain_reading,
    headline,
)
from .support import describe_support
from .track_records import describe_record

__all__ = [
    "describe_boundary",
    "describe_comparisons",
    "describe_consistency",
    "describe_coverage",
    "describe_evidence",
    "describe_kept",
    "describe_needs",
    "describe_record",
    "describe_support",
    "describe_trajectory",
    "describe_verdicts",
    "explain_reading",
    "headline",
]
