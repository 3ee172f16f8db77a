"""Words and patterns that the cells of the declared tables may hold."""

from __future__ import annotations

ID = r"[a-z][a-z0-9_]*"
DATE = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

#: What the patterns above ask for, in words; the longer ones first.
FORMS_IN_WORDS = {
    DATE: "YYYY, YYYY-MM or YYYY-MM-DD",
    DAY: "YYYY-MM-DD",
    ID: "small letters, digits and _, a letter first",
    "current|constant": "current, constant or blank",
    r"[0-9]+/[0-9]+": "two whole numbers, as 3/4",
    r"[A-Za-z0-9_.-]*": "letters, digits and _ . -, a letter or digit first",
    r"[a-z0-9_.-]*": "small letters, digits and _ . -",
    r"[0-9]{4}(-Q[1-4]|-[0-9]{2})?": "YYYY, YYYY-Qn or YYYY-MM",
}

FREQS = ("A", "Q", "M", "YTD", "TERM", "EVENT")
KINDS = ("actual", "estimate")
BOUNDS = ("exact", "over", "under", "about")
GRADES = ("A", "B", "C")
YES_NO = ("yes", "no")
SCALE_NAMES = ("log", "logit", "level", "growth")
NATURES = ("flow", "stock", "rate")
FIELDS = ("economy", "tourism", "agriculture", "society", "environment", "government", "security", "party")
MEASURES = ("level", "growth", "term_mean_growth", "term_total", "yes_no")
SENSES = ("more_than", "less_than", "at_least", "at_most", "between", "about")
#: What an event is to an area: easier access or a new sight, its standing and plans, COVID-19 and the way
#: back, storms and floods, a change of boundary.
EVENT_KINDS = ("access", "standing", "epidemic", "reopening", "disaster", "boundary")
DOCUMENT_KINDS = ("resolution", "congress", "plan", "master_plan", "programme", "statement")
