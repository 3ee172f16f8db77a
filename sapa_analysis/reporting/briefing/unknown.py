"""What is not known: the targets without figures, and the unit in charge that is asked for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from ...pipeline import Project, Results
from ..compared import compared_as
from ..lacking import who_is_asked
from ..language import count, texts
from ..office import custom_note
from ..paper.model import Cell, Row, Table
from ..tagged_numbers import capital
from ..target_row import TargetRow
from .names import indicator_inside, row_of
from .room import height, row_height

#: Reasons that a figure would mend.
_MENDED = ("no_evidence", "no_yearly_figure", "other_definition", "too_few_years", "too_wide", "yes_no",
           "no_tolerance")  # fmt: skip
_WIDTHS = (0.24, 0.76)
#: Units that are listed, whatever the room.
_LEAST_UNITS = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """A unit and the targets, by the names of their indicators, for which it is asked.

    `limits` tells that it is asked for more than figures: how far from a share is still good; `own` that the
    office named the unit.
    """

    unit: str
    names: tuple[str, ...]
    limits: bool = False
    own: bool = False


def asked(project: Project, results: Results, rows: Mapping[str, TargetRow], lang: str) -> list[Asked]:
    """Return the units that are asked, those with the most targets first, each indicator once."""
    words, units, verdicts = texts(lang)["brief"]["unknown"], dict[str, list[str]](), results.verdicts
    named: dict[str, bool] = {}
    limits = set[str]()
    if verdicts.empty:
        return []
    waiting = verdicts[verdicts["reason"].isin(_MENDED) & (verdicts["status"] == "not_assessed")]
    rated = [compared_as(verdict) == "rating" for _, verdict in waiting.iterrows()]
    waiting = waiting[[not each for each in rated]]
    for _, verdict in waiting.drop_duplicates("indicator_id").iterrows():
        row = rows[verdict["id"]]
        unit = who_is_asked(row.lead, lang)
        named[unit] = named.get(unit, True) and row.own_lead
        name = indicator_inside(row_of(project.indicators, verdict["indicator_id"]), lang)
        form = str(words["asked_for"].get(str(verdict["reason"]), "{name}"))
        units.setdefault(unit, []).append(form.format(name=name))
        if compared_as(verdict):
            limits.add(unit)
    listed = [Asked(unit, tuple(names), unit in limits, named[unit]) for unit, names in units.items()]
    return sorted(listed, key=lambda each: -len(each.names))


def units_with_room(units: list[Asked], room: float, lang: str, *, ended: bool = False) -> int:
    """Return how many of the units have room, the first ones."""
    left = room - height([_table([], units, lang, ended)])
    tall = accumulate(row_height(_row(each), _WIDTHS) for each in units)
    return min(max(sum(used <= left for used in tall), _LEAST_UNITS), len(units))


def unknown_table(units: list[Asked], most: int, lang: str, *, ended: bool = False) -> list[Table]:
    """Return the table of the first units, and how many targets are left; none without units.

    Once the area has `ended`, those that took over the work of its units are asked.
    """
    return [_table(units[:most], units[most:], lang, ended)] if units else []


def _table(taken: list[Asked], rest: list[Asked], lang: str, ended: bool) -> Table:
    words, left = texts(lang)["brief"]["unknown"], sum(len(each.names) for each in rest)
    unit, custom = ("unit_ended", "custom_ended") if ended else ("unit", "custom")
    named = {name: str(words[name]) for name in (unit, "wanted")}
    if any(each.limits for each in (*taken, *rest)):
        named["wanted"] = str(texts(lang)["review_office"]["counts"]["wanted"])
    more = [str(words["rest"]).format(n=count(left, lang, "brief.unknown.left"))] if left else []
    return Table(
        name="unknown",
        caption="",
        heads=(tuple(Cell(text, strong=True, shade="head") for text in named.values()),),
        rows=tuple(map(_row, taken)),
        widths=_WIDTHS,
        notes=(" ".join([*more, custom_note(words[custom], [each.own for each in taken], lang)]),),
    )


def _row(each: Asked) -> Row:
    unit = capital(each.unit.removeprefix("the "))  # an English article inside a sentence
    return (Cell(unit, strong=True), Cell(capital("; ".join(each.names))))
