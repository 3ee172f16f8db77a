"""Parts of a workbook as elements: one pass, no entity is expanded, and what is unknown is refused.

A reader that passes over what it does not know loses a cell when one letter of its element is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.parsers import expat

#: The names of elements and attributes of spreadsheets.
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_DEEPEST = 64


class BrokenError(ValueError):
    """A part is no sound XML of a workbook."""


class EntityError(BrokenError):
    """A part declares a type of document, in which entities could be hidden."""


class LinkError(BrokenError):
    """A part draws on a file outside the workbook."""


class StrictError(BrokenError):
    """A part is written in the strict form of the standard, which has other names."""


#: What an element may hold, by its own name; of an element that is not here nothing is asked.
Children = Mapping[str, frozenset[str]]


class Walk:
    """A walk over one part: calls back at the begin and end of each element of the part's own names.

    Parameters
    ----------
    part : str
        Name of the part, for errors.
    namespace : str
        Of the elements that are told; others are passed over, with all that they hold, outside `children`.
    children : mapping of str to frozenset of str
        Which elements an element may hold.
    attributes : mapping of str to frozenset of str
        Which attributes without a prefix an element may have.
    """

    def __init__(
        self, part: str, namespace: str, children: Children, attributes: Mapping[str, frozenset[str]]
    ) -> None:
        self.part, self._namespace = part, namespace
        self._children, self._attributes = children, attributes
        self.path: list[str] = []
        self.text: list[str] = []
        self.begin: Callable[[str, dict[str, str]], None] = lambda name, attributes: None
        self.end: Callable[[str, str], None] = lambda name, text: None

    def run(self, content: bytes) -> None:
        """Walk over the bytes of the part.

        Raises
        ------
        BrokenError
            Where they are no XML, or hold what the part must not hold.
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_type
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.text.append
        try:
            parser.Parse(content, True)
        except expat.ExpatError:
            raise BrokenError(self.part) from None
        except (UnicodeDecodeError, LookupError, ValueError) as error:
            raise error if isinstance(error, BrokenError) else BrokenError(self.part) from None

    def _refuse_type(self, *_: object) -> None:
        raise EntityError(self.part)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, own = name.rpartition(" ")
        if not self.path and namespace != self._namespace:
            raise StrictError(self.part) if namespace == STRICT else BrokenError(self.part)
        own = own if namespace == self._namespace else f"{namespace} {own}"
        within = self.path[-1] if self.path else ""
        if within in self._children and own not in self._children[within]:
            known_elsewhere = namespace not in ("", self._namespace)
            if not (known_elsewhere and f"* {namespace}" in self._children[within]):
                raise BrokenError(self.part)
        if own in self._attributes:
            plain = {name for name in attributes if " " not in name}
            if not plain <= self._attributes[own]:
                raise BrokenError(self.part)
        self.path.append(own)
        if len(self.path) > _DEEPEST:
            raise BrokenError(self.part)
        self.text.clear()
        self.begin(own, attributes)

    def _end(self, _: str) -> None:
        self.end(self.path.pop(), "".join(self.text))
        self.text.clear()


def names(*text: str) -> frozenset[str]:
    """Return names between spaces as a set; what other makers add has its namespace after a star."""
    return frozenset(name for part in text for name in part.split()) | {f"* {_COMPATIBLE}"}
