"""Models of what a document says beyond its figures: its groups, listings, tasks, projects and milestones."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator

from ..core import address_problem, described, last_day, sound_text
from .declared_check import STRICT

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(sound_text)]


@described
class Passage(BaseModel):
    """Words of a document: as printed in Vietnamese, or told in ours where we do not hold them."""

    model_config = STRICT
    printed: str = Field(default="", description="the words of the document; blank where we do not hold them")
    told_vi: str = Field(default="", description="our words, where printed is blank")
    told_en: Text = Field(description="our words in English, often short")

    @model_validator(mode="after")
    def _is_told_once(self) -> Self:
        if bool(self.printed) == bool(self.told_vi):
            raise ValueError("wanted printed, or told_vi where the words are not held")
        return self

    def text(self, lang: str) -> str:
        """Return the words in a language; in Vietnamese those of the document, where we hold them.

        Parameters
        ----------
        lang : str
            `vi` or `en`.
        """
        return self.told_en if lang == "en" else self.printed or self.told_vi


class Link(BaseModel):
    """A group of targets that a task names, with the words of both that say so."""

    model_config = STRICT
    group: int
    task_words: Text
    group_words: Text


class Task(Passage):
    """A numbered task, and the groups of targets that its text names."""

    no: int
    links: list[Link] = []


class Named(Passage):
    """A numbered entry of a listing; `task` is the specific task that speaks of it.

    `indicators` are those of the document's own targets that it is about.
    """

    no: int | str
    task: int | None = None
    indicators: list[str] = []
    note: str = ""


class Listing(BaseModel):
    """Things that a document counts; those it names, which may be none.

    Attributes
    ----------
    count : int
        How many the document says that there are.
    printed, sentence : str
        Its word for them, and the sentence that counts them, in Vietnamese; blank where we do not hold them.
    named : list of Named
        Those that it names.
    """

    model_config = STRICT
    count: int = Field(ge=1)
    printed: str = ""
    sentence: str = ""
    named: list[Named] = []


class TargetGroup(BaseModel):
    """A numbered group of targets and its indicators, in their order."""

    model_config = STRICT
    no: int
    printed: Text
    indicators: list[str] = Field(min_length=1)


class Milestone(Passage):
    """Something due in a year."""

    year: int = Field(ge=1990, le=2060)
    task: int | None = None


class Origin(BaseModel):
    """The page from which the text is taken."""

    model_config = STRICT
    title: Text
    author: str = ""
    url: str = ""
    published: str
    note: str = ""

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        last_day(self.published)
        if self.url and (message := address_problem(self.url)):
            raise ValueError(message)
        return self


class DocumentText(BaseModel):
    """All that a document says beyond its figures; a part it does not have is blank or empty.

    Attributes
    ----------
    document : str
        An id of `documents.csv`.
    source : Origin
        The page from which the text is taken.
    issued_by, theme, general_goal : Passage or None
        Who issued it, its theme, and its general goal.
    target_groups : list of TargetGroup
        Its groups of targets, with their indicators.
    breakthroughs, key_tasks, key_areas, solutions : Listing or None
        What it counts under these heads.
    specific_tasks : list of Task
        Its numbered tasks, with the groups of targets that each names.
    projects_province, projects_town : Listing or None
        The projects of either level.
    milestones : list of Milestone
        What is due in a year.
    """

    model_config = STRICT
    document: str
    source: Origin
    issued_by: Passage | None = None
    theme: Passage | None = None
    general_goal: Passage | None = None
    target_groups: list[TargetGroup] = []
    breakthroughs: Listing | None = None
    key_tasks: Listing | None = None
    key_areas: Listing | None = None
    solutions: Listing | None = None
    specific_tasks: list[Task] = []
    projects_province: Listing | None = None
    projects_town: Listing | None = None
    milestones: list[Milestone] = []

    def listings(self) -> dict[str, Listing]:
        """Return the listings that the document has, by name, in the order of the file's parts."""
        return {name: part for name, part in self if isinstance(part, Listing)}

    def passages(self) -> list[Passage]:
        """Return every passage of the document."""
        parts = [self.issued_by, self.theme, self.general_goal, *self.specific_tasks, *self.milestones]
        named = [each for listing in self.listings().values() for each in listing.named]
        return [each for each in [*parts, *named] if each is not None]

    def tasks_of(self, group: int) -> list[Task]:
        """Return the specific tasks whose text names a group of targets.

        Parameters
        ----------
        group : int
            Its number.
        """
        return [task for task in self.specific_tasks if group in {link.group for link in task.links}]
