"""Build the site: `python docs/site` writes build/docs/index.html; another folder may be named.

The package makes notebooks and pictures, then Sphinx puts the pages together. Nothing is fetched.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path

from site_gallery import calls, draw_gallery
from site_models import EXAMPLE, draw_models
from site_notebooks import SHOWN, executed
from site_pages import ROOT, notebook_links, site_sources
from sphinx.cmd.build import build_main

from sapa_analysis.core import digest_of, file_digests, package_digests

HERE, WORK = Path(__file__).parent, ROOT / "build/site"


def main(out: Path) -> int:
    """Write the source of the site and let Sphinx build it; return 0, or 1 if there was a warning."""
    start = time.monotonic()
    texts, copies = site_sources()
    wanted: dict[str, bytes] = {place: text.encode() for place, text in texts.items()}
    for place, notebook in executed(WORK / "notebooks").items():
        [name] = [name for (name, _), there in SHOWN.items() if there == place]
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                text, more = notebook_links("".join(cell["source"]), name, place)
                cell["source"], copies = text, copies | more
        wanted[place] = json.dumps(notebook, ensure_ascii=False, indent=1).encode()
    print(f"notebooks: {time.monotonic() - start:.0f} s", flush=True)
    wanted |= _pictures()
    wanted |= {place: path.read_bytes() for place, path in copies.items()}
    source = WORK / "source"
    _write(source, wanted)
    print(f"pictures and pages: {time.monotonic() - start:.0f} s", flush=True)
    asked = [
        "-b",
        "html",
        "-W",
        "--keep-going",
        "-q",
        "-j",
        "2",
        "-c",
        str(HERE),
        "-d",
        str(WORK / "doctrees"),
    ]
    if not (out / "index.html").is_file():
        asked.append("-E")
    failed = build_main([*asked, str(source), str(out)])
    print(f"site: {time.monotonic() - start:.0f} s; {out / 'index.html'}", flush=True)
    return failed


def _pictures() -> dict[str, bytes]:
    """Return the pictures of gallery and models; drawn anew when code, data or calls have changed."""
    own = [(path.name, path.read_bytes()) for path in sorted(HERE.glob("*.py"))]
    digests = sorted({**package_digests(), **file_digests(ROOT)}.items())
    kept = WORK / "pictures" / digest_of([*calls().items(), ("example", EXAMPLE), *own, *digests])[:16]
    if not (kept / "done").is_file():
        shutil.rmtree(kept.parent, ignore_errors=True)
        for place, content in {**draw_gallery(), **draw_models()}.items():
            (kept / place).parent.mkdir(parents=True, exist_ok=True)
            (kept / place).write_bytes(content)
        (kept / "done").touch()
    files = (path for path in kept.rglob("*.*") if path.is_file())
    return {path.relative_to(kept).as_posix(): path.read_bytes() for path in files}


def _write(folder: Path, wanted: dict[str, bytes]) -> None:
    """Let a folder hold these files and no others; what has not changed keeps its time, as Sphinx asks."""
    for place, content in wanted.items():
        path = folder / place
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in wanted:
            path.unlink()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/docs").absolute()))
