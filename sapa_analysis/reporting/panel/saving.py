"""Scenarios as files: a name that is checked first, and the files that were saved before."""

from __future__ import annotations

from pathlib import Path

from ...core import SapaError
from ...pipeline import Project
from ...scenarios import Scenario, load_scenario_file, save_scenario
from ..language import number, texts

#: Where they lie, below the project.
FOLDER = "build/scenarios"
#: Longest name, and characters that no name needs: those of paths and of HTML.
_MOST, _SIGNS = 80, '/\\<>&"'


def name_problem(name: str, lang: str) -> str:
    r"""Return why a scenario cannot have a name, or nothing.

    Examples
    --------
    >>> from sapa_analysis.reporting.panel.saving import name_problem
    >>> name_problem("../high", "en"), name_problem("Fewer rooms, -10 %", "en")
    ('A name must not hold the characters / \\ < > & "; write another one.', '')
    """
    words, plain = texts(lang)["panel"], name.strip()
    if not plain:
        return str(words["name_blank"])
    if any(sign in _SIGNS or not sign.isprintable() for sign in plain):
        return str(words["name_signs"]).format(signs=" ".join(_SIGNS))
    if len(plain) > _MOST:
        return str(words["name_long"]).format(n=number(len(plain), 0, lang), most=_MOST)
    return "" if any(sign.isalnum() for sign in plain) else str(words["name_letters"])


def saved(
    project: Project, scenario: Scenario, name: str, reason: str, source: str, lang: str
) -> tuple[Path | None, str]:
    """Return the file of a scenario that was saved, or None and why it was not; nothing is overwritten."""
    words = texts(lang)["panel"]
    why = name_problem(name, lang)
    why = why or ("" if scenario.adjustments else str(words["nothing_set"]))
    why = why or ("" if reason.strip() else str(words["reason_blank"]))
    why = why or ("" if source.strip() else str(words["source_blank"]))
    if why:
        return None, why
    kept = scenario.model_copy(
        update={"name": name.strip(), "label": dict.fromkeys(("vi", "en"), name.strip())}
    )
    try:
        file = save_scenario(kept, project.root / FOLDER, reason=reason.strip(), source=source.strip())
    except SapaError as error:
        return None, error.in_language(lang)
    return file, str(words["saved"]).format(file=f"{FOLDER}/{file.name}")


def files_saved(project: Project) -> list[Path]:
    """Return the scenario files that were saved, in order."""
    return sorted((project.root / FOLDER).glob("*.yml"))


def name_of(file: Path) -> str:
    """Return the name of the scenario of a file beside those of the project."""
    return f"file-{file.stem}"


def opened(project: Project, file: Path, lang: str) -> tuple[Scenario | None, str]:
    """Return the scenario of a file, or None and why it cannot be read."""
    try:
        found = load_scenario_file(file, indicators=project.indicators, areas=project.areas)
    except SapaError as error:
        return None, str(texts(lang)["panel"]["broken"]).format(file=file.name, why=error.in_language(lang))
    return next(iter(found.values())), ""
