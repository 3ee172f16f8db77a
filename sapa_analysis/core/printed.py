"""What can be printed: papers by kind and language, their formats and forms."""

from __future__ import annotations

#: Papers that can be written: a briefing of two pages for leaders, a mid-term review, and a report
#: on the months of a year that have passed.
PAPERS = ("briefing-vi", "briefing-en", "review-vi", "review-en", "period-vi", "period-en")
#: Those that are written where none is asked for.
USUAL_PAPERS = ("briefing-vi", "briefing-en", "review-vi")
#: A page, a Word file, a PDF, and the tables of an annex as a workbook.
FORMATS = ("html", "docx", "pdf", "xlsx")
