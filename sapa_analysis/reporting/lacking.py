"""The words for a target without a figure: what is missing, and who is asked for it."""

from __future__ import annotations

from .language import texts

#: Why a target is not assessed, where nothing of it is known: the unit in charge is asked for it.
WITHOUT_A_FIGURE = ("no_evidence", "yes_no")


def who_is_asked(unit: str, lang: str) -> str:
    """Return the unit that is asked for figures: the one in charge, or the department where none is known.

    Examples
    --------
    >>> from sapa_analysis.reporting.lacking import who_is_asked
    >>> who_is_asked("Hạt Kiểm lâm", "vi"), who_is_asked("", "vi")
    ('Hạt Kiểm lâm', 'cơ quan chuyên môn')
    """
    return unit or str(texts(lang)["office"]["lacking"]["department"])


def request(unit: str, lang: str) -> str:
    """Return the request for figures to the unit in charge.

    Examples
    --------
    >>> from sapa_analysis.reporting.lacking import request
    >>> request("", "vi"), request("the Forest Ranger Station", "en")
    ('đề nghị cơ quan chuyên môn cung cấp', 'the Forest Ranger Station is asked to supply them')
    """
    return str(texts(lang)["office"]["lacking"]["request"]).format(unit=who_is_asked(unit, lang))


def figures_asked(reason: str, unit: str, lang: str) -> str:
    """Return what is missing of a target, and who is asked for it.

    Parameters
    ----------
    reason : str
        One of `WITHOUT_A_FIGURE`.
    unit : str
        The unit in charge; blank where none is known.
    lang : {"vi", "en"}
        Language.

    Examples
    --------
    >>> from sapa_analysis.reporting.lacking import figures_asked
    >>> figures_asked("no_evidence", "Hạt Kiểm lâm", "vi"), figures_asked("no_evidence", "", "en")
    ('chưa có số liệu; đề nghị Hạt Kiểm lâm cung cấp', 'no figures; the department is asked to supply them')
    """
    form = str(texts(lang)["office"]["lacking"]["told"])
    return form.format(lacks=what_lacks(reason, lang), request=request(unit, lang))


def what_lacks(reason: str, lang: str) -> str:
    """Return what is missing of a target, for a list that stands under the unit that is asked."""
    return str(texts(lang)["office"]["lacking"][reason])
