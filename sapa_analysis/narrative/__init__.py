"""Sentences for a reader: every number in them is looked up and marked, none is typed."""

from .evidence import describe_coverage, describe_evidence
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
    "describe_coverage",
    "describe_evidence",
    "describe_needs",
    "describe_record",
    "describe_support",
    "describe_trajectory",
    "describe_verdicts",
    "explain_reading",
    "headline",
]
