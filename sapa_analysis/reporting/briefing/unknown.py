"""What is not known: the targets without figures, and the unit in charge that is asked for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...pipeline import Project, Results
from ..language import count, texts
from ..paper.model import Cell, Row, Table
from ..tagged_numbers import plain
from ..target_row import TargetRow
from .names import capital, indicator_inside, row_of

#: Reasons that a figure would mend.
_MENDED = ("no_evidence", "no_yearly_figure", "other_definition", "too_few_years", "too_wide", "yes_no",
           "no_tolerance")  # fmt: skip
_WIDTHS = (0.25, 0.75)


@dataclass(frozen=True, slots=True)
class Asked:
    """A unit and the targets, by the names of their indicators, for which it is asked."""

    unit: str
    names: tuple[str, ...]


def asked(project: Project, results: Results, rows: Mapping[str, TargetRow], lang: str) -> list[Asked]:
    """Return the units that are asked, those with the most targets first, each indicator once."""
    words, units = texts(lang)["brief"]["unknown"], dict[str, list[str]]()
    verdicts = results.verdicts
    open_ = verdicts[verdicts["reason"].isin(_MENDED) & (verdicts["status"] == "not_assessed")] if len(
        verdicts) else verdicts  # fmt: skip
    for _, verdict in open_.drop_duplicates("indicator_id").iterrows() if len(open_) else ():
        unit = rows[verdict["id"]].lead or str(words["no_unit"])
        name = indicator_inside(row_of(project.indicators, verdict["indicator_id"]), lang)
        form = str(words.get(str(verdict["reason"]), "{name}"))
        units.setdefault(unit, []).append(form.format(name=name))
    listed = [Asked(unit, tuple(names)) for unit, names in units.items()]
    return sorted(listed, key=lambda each: -len(each.names))


def lines_of(each: Asked, per_line: int) -> int:
    """Return about how many lines the row of a unit takes, with so many letters in a line of its targets."""
    letters = len(plain("; ".join(each.names)))
    beside = per_line * _WIDTHS[0] / _WIDTHS[1]
    return max(-(-letters // per_line), -(-len(plain(each.unit)) // int(beside)))


def unknown_table(units: list[Asked], lines: int, per_line: int, lang: str) -> list[Table]:
    """Return the table of the units that have room in so many lines, and how many targets are left."""
    if not units:
        return []
    words, taken, used = texts(lang)["brief"]["unknown"], list[Asked](), 0
    for each in units:
        used += lines_of(each, per_line)
        if taken and used > lines:
            break
        taken.append(each)
    left = sum(len(each.names) for each in units[len(taken) :])
    rest = [str(words["rest"]).format(n=count(left, lang, "brief.unknown.left"))] if left else []
    heads = tuple(Cell(str(words[name]), strong=True, shade="head") for name in ("unit", "wanted"))
    return [
        Table(
            name="unknown",
            caption="",
            heads=(heads,),
            rows=tuple(map(_row, taken)),
            widths=_WIDTHS,
            notes=(" ".join([*rest, str(words["custom"])]),),
        )
    ]


def _row(each: Asked) -> Row:
    unit = capital(each.unit.removeprefix("the "))  # an English article inside a sentence
    return (Cell(unit, strong=True), Cell(capital("; ".join(each.names))))
