"""Loading of `data/documents/*.yml`, one text a document, checked against itself and the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import BaseModel, ValidationError

from ..core import (
    Lines,
    Problem,
    Problems,
    Target,
    TargetsError,
    label,
    last_day,
    listed,
    loader,
    nearest,
    read_yaml,
    tell,
    tell_invalid,
)
from ..evidence import load_documents
from .document_text import (
    DocumentText,
    Link,
    Listing,
    Milestone,
    Named,
    Origin,
    Passage,
    TargetGroup,
    Task,
)
from .load import load_targets

#: The place of a key or list entry in the file, from the top.
Place = tuple[str | int, ...]


@loader(TargetsError)
def load_document_texts(folder: Path, problems: list[Problem]) -> dict[str, DocumentText]:
    """Return the texts of documents of a data folder, checked against its targets.

    Parameters
    ----------
    folder : path
        Holds `targets.csv`, `documents.csv` and, where there are any, `documents/<document>.yml`.
    problems : list of Problem, optional
        Receives every problem, instead of an error.

    Returns
    -------
    dict of str to DocumentText
        By document; empty where the folder holds no text.

    Raises
    ------
    TargetsError
        With every problem of every file.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> from sapa_analysis.targets import load_document_texts
    >>> texts = load_document_texts(project_root() / "data")
    >>> text = texts["resolution-2023"]
    >>> len(text.target_groups), len(text.specific_tasks), [task.no for task in text.tasks_of(25)]
    (25, 15, [2, 7, 8])
    >>> [each.text("en") for each in texts["congress-2020"].breakthroughs.named]
    ['Tourism', 'Resettlement of rural people', 'Urban infrastructure']
    """
    found: dict[str, DocumentText] = {}
    files = listed(folder / "documents", ".yml", problems, what="documents")
    if not files:
        return found
    of_tables = Problems()
    documents, targets = load_documents(folder, of_tables), load_targets(folder, of_tables)
    tell(problems, *of_tables)
    for path in files:
        entries, lines = read_yaml(path, problems)
        text = None if entries is None else _read(entries, label(path), lines, problems)
        if text is None:
            continue
        found[text.document] = text
        faults = list(_faults(text, path.stem))
        if not of_tables:  # tables with faults would be told once more
            faults += _misfits(text, documents, targets)
        for place, message in faults:
            tell(problems, Problem(label(path), _line(lines, place), ".".join(map(str, place)), message))
    return found


_MODELS: tuple[type[BaseModel], ...] = (
    DocumentText, Origin, Passage, TargetGroup, Listing, Named, Task, Link, Milestone,
)  # fmt: skip


def _read(entries: Any, file: str, lines: Lines, problems: list[Problem]) -> DocumentText | None:
    try:
        return DocumentText.model_validate(entries)
    except ValidationError as error:
        known = [name for model in _MODELS for name in model.model_fields]
        tell_invalid(error, problems, file=file, lines=lines, known=known)
    return None


def _line(lines: Lines, place: Place) -> int:
    """Return the line of a key, or of the nearest one above it where the file leaves it out."""
    return next(lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in lines)


def _faults(text: DocumentText, stem: str) -> Iterator[tuple[Place, str]]:
    """Yield the place and fault of everything in a text that does not fit its file or itself."""
    if text.document != stem:
        yield ("document",), f'"{text.document}" is not the name of the file; write {stem}'
    yield from _misnumbered("target_groups", [group.no for group in text.target_groups])
    yield from _misnumbered("specific_tasks", [task.no for task in text.specific_tasks])
    for name, listing in text.listings().items():
        yield from _miscounted(name, listing)
    yield from _misplaced(text)
    yield from _unlinked(text)


def _misfits(
    text: DocumentText, documents: pd.DataFrame, targets: Sequence[Target]
) -> Iterator[tuple[Place, str]]:
    """Yield what does not fit the tables: the document, its day, its groups of targets."""
    if text.document not in documents.index:
        yield ("document",), f'"{text.document}" is no document; {nearest(text.document, documents.index)}'
        return
    known = str(documents.at[text.document, "published"])
    if last_day(text.source.published) < last_day(known):
        yield ("source", "published"), f"{text.source.published} lies before the day of the document, {known}"
    mine = [target for target in targets if target.document == text.document]
    yield from _other_targets(text, mine)
    yield from _no_goals(text, {target.indicator_id for target in mine})


def _misnumbered(name: str, numbers: list[int]) -> Iterator[tuple[Place, str]]:
    for place, number in enumerate(numbers):
        if number != place + 1:
            yield (name, place, "no"), f"{number} is out of turn; wanted {place + 1}"


def _miscounted(name: str, listing: Listing) -> Iterator[tuple[Place, str]]:
    if len(listing.named) > listing.count:
        yield (name, "count"), f"{listing.count}, but {len(listing.named)} are named"
    if listing.printed and str(listing.count) not in listing.printed.split():
        yield (name, "count"), f'{listing.count} does not stand in "{listing.printed}"'
    if listing.printed not in listing.sentence:
        yield (name, "printed"), f'"{listing.printed}" does not stand in the sentence'
    numbers = Counter(str(each.no) for each in listing.named)
    for place, each in enumerate(listing.named):
        if numbers[str(each.no)] > 1:
            yield (name, "named", place, "no"), f'"{each.no}" stands more than once'


def _misplaced(text: DocumentText) -> Iterator[tuple[Place, str]]:
    """Yield entries said to stand in a task that is not there, or that does not hold their words."""
    tasks = {task.no: task.printed for task in text.specific_tasks}
    entries: list[tuple[Place, Named | Milestone]] = [
        *((("milestones", place), each) for place, each in enumerate(text.milestones)),
        *(
            ((name, "named", place), each)
            for name, listing in text.listings().items()
            for place, each in enumerate(listing.named)
        ),
    ]
    for place, each in entries:
        if each.task is not None and each.task not in tasks:
            yield (*place, "task"), f'"{each.task}" is no task'
        elif each.task is not None and each.printed not in tasks[each.task]:
            yield (*place, "printed"), f'"{each.printed}" does not stand in task {each.task}'


def _unlinked(text: DocumentText) -> Iterator[tuple[Place, str]]:
    """Yield links to a group that is not there, or whose words do not stand in the task and the group."""
    groups = {group.no: group.printed for group in text.target_groups}
    for number, task in enumerate(text.specific_tasks):
        for n, link in enumerate(task.links):
            place = ("specific_tasks", number, "links", n)
            if link.group not in groups:
                yield (*place, "group"), f'"{link.group}" is no group'
                continue
            if link.task_words not in task.printed:
                yield (*place, "task_words"), f'"{link.task_words}" does not stand in task {task.no}'
            if link.group_words not in groups[link.group]:
                yield (*place, "group_words"), f'"{link.group_words}" does not stand in group {link.group}'


def _no_goals(text: DocumentText, indicators: set[str]) -> Iterator[tuple[Place, str]]:
    """Yield indicators of a named entry for which the document sets no target."""
    for name, listing in text.listings().items():
        for place, each in enumerate(listing.named):
            for n, indicator in enumerate(each.indicators):
                if indicator not in indicators:
                    message = f'"{indicator}" has no target of the document; {nearest(indicator, indicators)}'
                    yield (name, "named", place, "indicators", n), message


def _other_targets(text: DocumentText, targets: Sequence[Target]) -> Iterator[tuple[Place, str]]:
    """Yield groups that are not those of `targets.csv`: other numbers, indicators or words."""
    by_group: dict[str, dict[str, str]] = {}
    for target in targets:
        by_group.setdefault(target.clause, {})[target.indicator_id] = target.printed
    for place, group in enumerate(text.target_groups):
        theirs = by_group.pop(str(group.no), {})
        if list(theirs) != group.indicators:
            said = ", ".join(theirs) or "no target"
            yield ("target_groups", place, "indicators"), f"group {group.no}, but targets.csv has {said}"
        for printed in theirs.values():
            if printed not in group.printed:
                yield ("target_groups", place, "printed"), f'does not hold "{printed}" of targets.csv'
    for clause in by_group:
        if clause.isdigit():
            yield ("target_groups",), f"group {clause} of targets.csv is missing"
