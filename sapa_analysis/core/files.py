"""Files: the folder of the project, texts read in NFC, whole files written or none."""

from __future__ import annotations

import codecs
import io
import os
import shutil
import tempfile
import unicodedata
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from .errors import OutputError, Problem, SapaError, tell

#: What marks a project: the tables and the parameters lie side by side.
_MARKS = ("data/evidence", "params/baseline.yml")
#: Files that file managers leave in a folder.
_OF_SYSTEMS = ("Thumbs.db", "desktop.ini")
#: The letters that Vietnamese adds to those of English.
_VIETNAMESE = frozenset("àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ")


def project_root(start: Path | str | None = None) -> Path:
    """Return the folder of the project: the nearest at or above `start`.

    Without `start`, the current folder or the package's own project.

    papermill, JupyterLab and the shell start in different folders; all of them ask here.

    Parameters
    ----------
    start : path, optional
        Where to look from; the current folder by default.

    Returns
    -------
    pathlib.Path
        A folder that holds `data/evidence` and `params/baseline.yml`.

    Raises
    ------
    SapaError
        When neither `start` nor the package lies in a project.

    Examples
    --------
    >>> from sapa_analysis.core import project_root
    >>> (project_root() / "data/targets.csv").exists()
    True
    >>> project_root(project_root() / "data/evidence") == project_root()
    True
    """
    if not isinstance(start, str | Path | None):
        raise SapaError(f"found {start!r}; wanted the path of a folder")
    here = Path(start or Path.cwd()).resolve()
    own = [Path(__file__).resolve().parents[2]] if start is None else []
    for folder in (here, *here.parents, *own):
        if all((folder / mark).exists() for mark in _MARKS):
            return folder
    raise SapaError(f"{here} lies in no project: no folder above it holds {' and '.join(_MARKS)}")


def label(path: Path) -> str:
    """Return the name by which a reader knows a file: from `data/` or `params/` on, else its last part.

    Parameters
    ----------
    path : pathlib.Path
        Where the file lies.

    Examples
    --------
    >>> from pathlib import Path
    >>> from sapa_analysis.core import label
    >>> label(Path("/home/lan/sapa/data/evidence/tourism.csv")), label(Path("/home/lan/visits.csv"))
    ('data/evidence/tourism.csv', 'visits.csv')
    """
    folders = path.parts[:-1]
    tops = [place for place, part in enumerate(folders) if part in ("data", "params")]
    return "/".join(path.parts[tops[-1] :]) if tops else path.name or str(path)


def read_text(path: Path, problems: list[Problem]) -> str | None:
    """Return a file as NFC text, or None and a problem.

    Read are UTF-8, UTF-16 with its byte-order mark (Excel's "Unicode text"), and Windows-1258 where nothing
    else can be meant: all letters are Vietnamese and some bear a tone mark of that code page.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    problems : list of Problem
        Is added to.

    Examples
    --------
    >>> from pathlib import Path
    >>> from sapa_analysis.core import project_root, read_text
    >>> problems = []
    >>> read_text(project_root() / "data/areas.csv", problems)[:12], read_text(Path("area.csv"), problems)
    ('area,name_vi', None)
    >>> print(problems[0].file, problems[0])
    area.csv cannot be read: No such file or directory
    """
    try:
        content = path.read_bytes()
        text = _decoded(content)
    except OSError as error:
        tell(problems, Problem(label(path), 0, "", f"cannot be read: {error.strerror or error}"))
        return None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{content[error.start]:02x} is not {error.encoding.upper()}"
        message = f'{found}; save the file as UTF-8 (in Excel: "CSV UTF-8")'
        tell(problems, Problem(label(path), line, "", message))
        return None
    if not text.strip():
        tell(problems, Problem(label(path), 0, "", "the file is empty"))
        return None
    return text


def _decoded(content: bytes) -> str:
    """Return bytes as NFC text.

    Raises
    ------
    UnicodeDecodeError
        At the first byte that is not UTF-8, when no other code can be meant.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return unicodedata.normalize("NFC", content.decode("utf-16"))
    try:
        return unicodedata.normalize("NFC", content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        if (text := _windows_1258(content)) is None:
            raise
        return text


def _windows_1258(content: bytes) -> str | None:
    """Return text of the Vietnamese code page of Windows, or None where it may be another code."""
    try:
        marked = content.decode("cp1258")
    except UnicodeDecodeError:
        return None
    text = unicodedata.normalize("NFC", marked)
    letters = {sign for sign in text.lower() if sign > "\x7f" and sign not in "–—‘’“”…•\xa0"}
    return text if letters <= _VIETNAMESE and any(map(unicodedata.combining, marked)) else None


def listed(folder: Path, ending: str, problems: list[Problem], *, what: str) -> list[Path]:
    """Return the files of a folder with an ending, in order; anything else in it is a problem.

    Passed over are README files, what begins with a dot, and what systems and open workbooks leave behind. An
    ending in capitals is the same ending.

    Parameters
    ----------
    folder : pathlib.Path
        The folder; one that is missing holds nothing.
    ending : str
        For example `.csv`.
    problems : list of Problem
        Receives what is not read: another ending, a folder.
    what : str
        What the folder holds, for messages.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.core import listed
    >>> problems = []
    >>> with TemporaryDirectory() as folder:
    ...     for name in ("tourism.csv", "LODGING.CSV", "visits.xlsx"):
    ...         Path(folder, name).touch()
    ...     [path.name for path in listed(Path(folder), ".csv", problems, what="evidence")]
    ['LODGING.CSV', 'tourism.csv']
    >>> print(problems[0].file, problems[0])
    visits.xlsx is not read: evidence is files *.csv in this folder; save it as such, or move it away
    """
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name.startswith((".", "~$")) or path.stem.upper() == "README" or path.name in _OF_SYSTEMS:
            continue
        if path.suffix.lower() == ending and path.is_file():
            found.append(path)
            continue
        told = f"is not read: {what} is files *{ending} in this folder; save it as such, or move it away"
        tell(problems, Problem(label(path), 0, "", told))
    return found


def without_clock(content: bytes) -> bytes:
    """Return a zip file, such as one of Word or Excel, with a fixed date for every entry.

    Parameters
    ----------
    content : bytes
        The bytes of the file.

    Examples
    --------
    >>> import io, zipfile
    >>> from sapa_analysis.core import without_clock
    >>> made = io.BytesIO()
    >>> with zipfile.ZipFile(made, "w") as archive:
    ...     archive.writestr("a.txt", "3.2")
    >>> with zipfile.ZipFile(io.BytesIO(without_clock(made.getvalue()))) as archive:
    ...     archive.getinfo("a.txt").date_time, archive.read("a.txt")
    ((1980, 1, 1, 0, 0, 0), b'3.2')
    """
    dated = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(dated, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            dated_entry = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            new.writestr(dated_entry, old.read(entry), zipfile.ZIP_DEFLATED)
    return dated.getvalue()


def write_whole(contents: Mapping[Path, str | bytes]) -> list[Path]:
    """Write all files or none: each is prepared beside its place, then all are moved in.

    Parameters
    ----------
    contents : mapping of path to str or bytes
        What to write; text becomes UTF-8 with LF line ends.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    OutputError
        When a folder or file cannot be written; everything is then as it was.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sapa_analysis.core import write_whole
    >>> with TemporaryDirectory() as folder:
    ...     texts = {Path(folder, "vi", "a.txt"): "3,2 triệu", Path(folder, "en", "a.txt"): "3.2 million"}
    ...     [path.read_text(encoding="utf-8") for path in write_whole(texts)]
    ['3,2 triệu', '3.2 million']
    """
    path = Path()
    with ExitStack() as tidy:
        try:
            with ExitStack() as undo:
                prepared: dict[Path, Path] = {}
                for path, content in contents.items():
                    _make_folder(path.parent, undo)
                    prepared[path] = _beside(path, undo)
                    text = content.replace("\r\n", "\n").encode() if isinstance(content, str) else content
                    prepared[path].write_bytes(text)
                for path, temporary in prepared.items():
                    _keep_old(path, undo, tidy)
                    os.replace(temporary, path)
                undo.pop_all()
        except OSError as error:
            raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error
    return list(prepared)


def _make_folder(folder: Path, undo: ExitStack) -> None:
    for new in reversed([place for place in (folder, *folder.parents) if not place.exists()]):
        new.mkdir(exist_ok=True)
        undo.callback(new.rmdir)


def _beside(path: Path, done: ExitStack) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    done.callback(Path(name).unlink, missing_ok=True)
    os.close(handle)
    os.chmod(name, 0o644)
    return Path(name)


def _keep_old(path: Path, undo: ExitStack, tidy: ExitStack) -> None:
    if not path.exists():
        undo.callback(path.unlink, missing_ok=True)
        return
    old = _beside(path, tidy)
    shutil.copy2(path, old)
    undo.callback(os.replace, old, path)
