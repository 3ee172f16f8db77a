"""Twenty invented communes beside the town, for a batch that shows whether any text takes them for it.

`make FOLDER` writes a whole project: the tables and notebooks of this one, an empty register, and invented
communes below an invented district or below the real province, each with a few invented figures. The town's
own pages stay in the tables, since only then can it slip into a text on another area. `read FOLDER` goes
through what a batch wrote and prints every text that names the town, its resolution or its congress.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np

from sapa_analysis.evidence import package_text

ROOT = Path(__file__).parents[1]
#: The last day of the knowledge of the batch, and the last year that had ended.
DAY, LAST = "2024-06-30", 2023
#: The district and the province that are invented too; every second commune lies below the real province.
PROVINCE, DISTRICT, REAL = "vi_du", "huyen_mau", "lao_cai"
FIRST_WORDS, SECOND_WORDS = ("Nà", "Bản", "Khe", "Pá"), ("Giả", "Thử", "Mẫu", "Ví", "Đố")
#: What is counted: value of a middling commune, growth a year, scatter, decimals, and its field of policy.
COUNTED: dict[str, tuple[float, float, float, int, str]] = {
    "tourist_arrivals": (60_000, 0.08, 0.15, 0, "tourism"),
    "tourism_revenue": (45, 0.10, 0.2, 0, "tourism"),
    "state_budget_revenue": (12, 0.09, 0.15, 1, "economy"),
    "grdp_growth": (9, 0, 0.2, 1, "economy"),
    "grdp_per_capita": (38, 0.09, 0.05, 1, "economy"),
    "income_per_capita": (31, 0.08, 0.05, 1, "economy"),
    "population": (5_200, 0.011, 0.01, 0, "society"),
    "poverty_rate": (24, -0.12, 0.08, 2, "society"),
    "forest_cover": (58, 0.01, 0.02, 1, "environment"),
    "health_insurance_coverage": (92, 0.005, 0.01, 1, "society"),
    "trained_labour": (35, 0.05, 0.04, 1, "society"),
    "agri_commodity_value": (70, 0.08, 0.1, 1, "agriculture"),
    "accommodation_rooms": (140, 0.06, 0.08, 0, "tourism"),
}
RATES = {"grdp_growth", "poverty_rate", "forest_cover", "health_insurance_coverage", "trained_labour"}
ENOUGH, FEW = tuple(range(2014, LAST + 1)), (2019, 2022, LAST)


@dataclass(frozen=True)
class Kind:
    """What is published of a commune: the years of each indicator, years due of its goals, oddities."""

    name: str
    figures: dict[str, Sequence[int]]
    due: dict[str, int] = field(default_factory=dict)
    odd: str = ""


KINDS = (
    Kind("rich", dict.fromkeys(COUNTED, ENOUGH),
         {"tourist_arrivals": 2025, "tourism_revenue": 2025, "poverty_rate": 2024, "forest_cover": 2025}),
    Kind("no goals", {"tourist_arrivals": ENOUGH, "population": ENOUGH, "grdp_growth": ENOUGH}),
    Kind("one figure", {"tourist_arrivals": (LAST,)}),
    Kind("thin", {"tourism_revenue": FEW, "state_budget_revenue": (2022, LAST)},
         {"tourism_revenue": 2025, "state_budget_revenue": 2024, "grdp_growth": 2025}),
    Kind("no subject", {"forest_cover": FEW, "poverty_rate": ENOUGH, "health_insurance_coverage": (LAST,)},
         {"poverty_rate": 2025, "health_insurance_coverage": 2025}),
    Kind("over", {"tourist_arrivals": ENOUGH, "income_per_capita": FEW},
         {"tourist_arrivals": 2022, "income_per_capita": 2023}),
    Kind("disagrees", {"tourist_arrivals": ENOUGH, "agri_commodity_value": FEW},
         {"tourist_arrivals": 2030}, "second page"),
    Kind("part of a year", {"tourist_arrivals": ENOUGH[:-1], "grdp_per_capita": FEW},
         {"tourist_arrivals": 2024}, "running year"),
    Kind("goals only", {"accommodation_rooms": (2018,)},
         {"tourist_arrivals": 2025, "trained_labour": 2025, "grdp_per_capita": 2025}),
    Kind("too late", {"tourist_arrivals": (2024,)}, odd="begins later"),
)  # fmt: skip


@dataclass(frozen=True)
class Commune:
    """An invented commune: its id, its names, what it lies in, and what is published of it."""

    area: str
    vi: str
    en: str
    parent: str
    kind: Kind


#: The notebooks that look at one indicator.
OF_ONE = ("00_start", "01_evidence", "02_trajectory", "03_scenarios", "05_track_record", "06_explorer")


def communes(n: int = 20) -> list[Commune]:
    """Return the first `n` communes, of every kind in turn: ten below the invented district, then Lào Cai's.

    Examples
    --------
    >>> [(each.en, each.parent, each.kind.name) for each in communes(2)]
    [('Nà Giả commune', 'huyen_mau', 'rich'), ('Bản Giả commune', 'huyen_mau', 'no goals')]
    """
    names = [f"{first} {second}" for second, first in product(SECOND_WORDS, FIRST_WORDS)]
    if not 1 <= n <= len(names):
        raise ValueError(f"{n} communes; wanted 1 to {len(names)}")
    return [
        Commune(as_id(name), f"xã {name}", f"{name} commune", parent, KINDS[place % len(KINDS)])
        for place, name in enumerate(names[:n])
        for parent in [DISTRICT if (place // len(KINDS)) % 2 == 0 else REAL]
    ]


def as_id(name: str) -> str:
    """Return a name without marks, as an id: "Nà Đố" is na_do."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).replace(" ", "_")


def make_project(folder: Path, n: int = 20, *, seed: int = 1) -> list[Commune]:
    """Write the project with its communes and its batch file; the folder must not exist yet."""
    chosen = communes(n)
    for name in ("data", "params", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "register").mkdir()
    shutil.copy(ROOT / "pyproject.toml", folder)
    data, made = folder / "data", "invented for a test"
    _append(data / "areas.csv", [
        {"area": PROVINCE, "name_vi": "tỉnh Ví Dụ", "name_en": "Ví Dụ province", "level": "province",
         "parent": "viet_nam", "note": made},
        {"area": DISTRICT, "name_vi": "huyện Mẫu", "name_en": "Mẫu district",
         "level": "district", "parent": PROVINCE, "note": made},
        *({"area": each.area, "name_vi": each.vi, "name_en": each.en, "level": "commune",
           "parent": each.parent, "note": made} for each in chosen),
    ])  # fmt: skip
    units, rows, goals, papers = _units(data), [], [], []
    for place, each in enumerate(chosen):
        rng = np.random.default_rng([seed, place])
        size = float(np.exp(rng.normal(0, 0.5)))
        for indicator, years in each.kind.figures.items():
            rows += _figures(each, indicator, years, size, units[indicator], rng)
        goals += _goals(each, size, units)
        papers += [_paper(each, at) for at in ("plan", "congress")] if each.kind.due else []
    for number, row in enumerate(rows, start=1):
        row["id"] = f"made{number:04}"
    (data / "evidence/communes.csv").write_text(_header(data / "evidence/tourism.csv"), encoding="utf-8")
    _append(data / "evidence/communes.csv", rows)
    _append(data / "documents.csv", papers)
    _append(data / "targets.csv", goals)
    (data / "datapackage.json").write_text(package_text(data), encoding="utf-8")
    (folder / "communes.yml").write_text(_batch(chosen), encoding="utf-8")
    return chosen


def level(indicator: str, year: int, size: float, noise: float = 0.0) -> float:
    """Return the invented value of a year, plausible for a commune of this size."""
    value, growth, scatter, decimals, _ = COUNTED[indicator]
    free = 1 if indicator in RATES or indicator.endswith("capita") else size
    shock = 0.45 if indicator in ("tourist_arrivals", "tourism_revenue") and year in (2020, 2021) else 1
    found = value * free * shock * np.exp((year - LAST) * growth + scatter * noise)
    return round(float(min(found, 99) if indicator in RATES else found), decimals)


def _figures(
    each: Commune, indicator: str, years: Sequence[int], size: float, unit: str, rng: np.random.Generator
) -> Iterator[dict[str, Any]]:
    for year in years:
        value = level(indicator, year, size, rng.normal())
        yield _row(each, indicator, str(year), "A", value, unit, f"{year + 1}-02-01")
        if each.kind.odd == "second page" and year % 3 == 0 and indicator == "tourist_arrivals":
            other = float(f"{value * 1.4:.1e}")
            yield _row(each, indicator, str(year), "A", other, unit, f"{year + 1}-05-01", page="b", grade="C")
    if each.kind.odd == "running year" and indicator == "tourist_arrivals":
        half = round(level(indicator, LAST, size) / 2)
        for year in (LAST, LAST + 1):
            yield _row(each, indicator, f"{year}-01/{year}-05", "YTD", half, unit, f"{year}-06-10")


def _row(
    each: Commune, indicator: str, period: str, freq: str, value: float, unit: str, published: str, *,
    page: str = "a", grade: str = "B",
) -> dict[str, Any]:  # fmt: skip
    text = f"{value:.{COUNTED[indicator][3]}f}"
    return {
        "indicator_id": indicator, "area": each.area, "period": period, "freq": freq, "value": _cell(text),
        "unit": unit, "kind": "actual", "bound": "exact", "digits": _digits(text),
        "published": published, "grade": grade, "cite_ok": "yes",
        "source_title": f"Trang giả định của {each.vi} ({published[:4]}{page})",
        "source_url": f"https://example.org/{each.area}/{published[:4]}{page}",
        "statement": f"invented for a test: {text}", "note": "invented for a test",
    }  # fmt: skip


def _digits(text: str) -> int:
    return len(text.replace(".", "").strip("0")) or 1


def _goals(each: Commune, size: float, units: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield a goal of the congress for each year due, and one of the yearly plan for the first of them."""
    for place, (indicator, due) in enumerate(each.kind.due.items(), start=1):
        papers = [("congress", due), *([("plan", min(due, 2024))] if place == 1 else [])]
        for paper, year in papers:
            ahead = level(indicator, year, size) * (0.95 if indicator == "poverty_rate" else 1.05)
            value = min(ahead, 99.0) if indicator in RATES else ahead
            yield {
                "id": f"{each.area}.{paper}.{indicator}", "document": f"{each.area}.{paper}",
                "clause": str(place), "indicator_id": indicator, "area": each.area,
                "measure": "growth" if indicator == "grdp_growth" else "level", "end": year,
                "sense": "at_most" if indicator == "poverty_rate" else "at_least", "sense_inferred": "yes",
                "value": _cell(f"{value:.{COUNTED[indicator][3]}f}"), "unit": units[indicator],
                "field": COUNTED[indicator][4], "published": _paper(each, paper)["published"], "grade": "B",
                "cite_ok": "yes", "source_title": f"Văn bản giả định của {each.vi}",
                "source_url": f"https://example.org/{each.area}/{paper}", "note": "invented for a test",
            }  # fmt: skip


def _paper(each: Commune, kind: str) -> dict[str, Any]:
    named = {
        "plan": ("Kế hoạch năm", "Yearly plan"),
        "congress": ("Nghị quyết đại hội", "Congress resolution"),
    }
    vi, en = named[kind]
    return {
        "document": f"{each.area}.{kind}", "name_vi": f"{vi} của {each.vi}", "name_en": f"{en} of {each.en}",
        "kind": kind, "area": each.area, "published": {"plan": "2022-01-20", "congress": "2020-07-15"}[kind],
        "date_basis": "invented for a test", "source_title": f"Văn bản giả định của {each.vi}",
        "source_url": f"https://example.org/{each.area}/{kind}", "note": "invented for a test",
    }  # fmt: skip


def _cell(text: str) -> str:
    """Return a number as the tables take it: three decimals would be a thousand in Viet Nam."""
    return text + "0" if len(text.partition(".")[2]) == 3 else text


def _units(data: Path) -> dict[str, str]:
    with (data / "indicators.csv").open(encoding="utf-8", newline="") as file:
        return {row["indicator_id"]: row["unit"] for row in csv.DictReader(file)}


def _header(table: Path) -> str:
    return table.read_text(encoding="utf-8").split("\n", 1)[0] + "\n"


def _append(table: Path, rows: list[dict[str, Any]]) -> None:
    columns = _header(table).strip().split(",")
    with table.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, columns, restval="", lineterminator="\n").writerows(rows)


def jobs_of(each: Commune, lang: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the runs on a commune in a language, with the indicator that is most telling of it."""
    shared = {"area": each.area, "as_of": DAY, "lang": lang}
    looked = {"indicator": next(iter(each.kind.figures))}
    return [
        *((name, shared | looked) for name in OF_ONE),
        *((name, shared) for name in ("04_targets", "07_briefing")),
    ]


def _batch(chosen: Sequence[Commune]) -> str:
    """Return the batch file: one entry per indicator that is looked at, each a grid of area and language."""
    looked: dict[str, list[str]] = {}
    for each in chosen:
        looked.setdefault(next(iter(each.kind.figures)), []).append(each.area)
    everywhere = {"area": [each.area for each in chosen], "lang": ["vi", "en"]}
    runs: list[dict[str, Any]] = [
        {"notebook": [*OF_ONE], "parameters": {"as_of": DAY, "indicator": name},
         "grid": {"area": areas, "lang": ["vi", "en"]}}
        for name, areas in looked.items()
    ]  # fmt: skip
    runs += [
        {"notebook": "04_targets", "parameters": {"as_of": DAY}, "grid": everywhere},
        # one briefing has both languages
        {"notebook": "07_briefing", "parameters": {"as_of": DAY}, "grid": {"area": everywhere["area"]}},
    ]
    head = "# Every notebook on every invented commune in both languages; made by benchmarks/communes.py.\n"
    return head + json.dumps({"reason": "No text on a commune names the town.", "runs": runs}, indent=1)


#: What only a text on the town may say: its name, its resolution and its congress.
OF_THE_TOWN = re.compile(
    r"(?<!\bas )\bsa[ _-]?pa\b(?!-analysis|_analysis|\.(?!laocai)[a-z_]"
    r"| (?:wanted|check|docs|run|batch|briefing|evidence|trace|cite|policy notebooks)\b)|thị xã|"
    r"\bthe town\b|NQ Đại hội XXIII|Đại hội XXIII|XXIII congress|25 nhóm|NQ năm 2023|resolution 2023|"
    r"2023 resolution|resolution-2023|congress-2020",
    re.IGNORECASE,
)


def named(text: str) -> list[str]:
    """Return what of the town a text names, with the words around it.

    Examples
    --------
    >>> named("Sa Pa town stands at 69 %"), named("made by sapa-analysis; see `sapa wanted`")
    (['Sa Pa town stands at 69 %'], [])
    """
    return [
        " ".join(text[max(hit.start() - 70, 0) : hit.end() + 50].split())
        for hit in OF_THE_TOWN.finditer(text)
    ]


def texts_of(file: Path) -> Iterator[str]:
    """Yield the texts that a file shows: outputs of a notebook, a page, a Word file, a table, results."""
    if file.suffix == ".ipynb":
        for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                yield "".join(cell["source"])
            for output in cell.get("outputs", []):
                shown = [output.get("text", ""), *output.get("data", {}).items()]
                yield from (_joined(part) for part in shown if part and not _is_picture(part))
                yield output.get("evalue", "")
    elif file.suffix in (".docx", ".xlsx"):
        with ZipFile(file) as parts:
            yield from (parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
    elif file.name == "results.json":
        content = json.loads(file.read_text(encoding="utf-8"))
        content.pop("about")  # what baseline.yml says of the town is a parameter, not a text
        yield json.dumps(content, ensure_ascii=False)
    elif file.suffix in (".html", ".csv"):
        yield re.sub(r"base64,[A-Za-z0-9+/=]+", "", file.read_text(encoding="utf-8"))


def _is_picture(part: Any) -> bool:
    return isinstance(part, tuple) and part[0].startswith("image/")


def _joined(part: Any) -> str:
    content = part[1] if isinstance(part, tuple) else part
    if isinstance(content, dict):
        return json.dumps(content, ensure_ascii=False)
    return re.sub(r"(?s)<(style|script).*?</\1>|</?(?:table|details)[^>]*>", "", "".join(content))


def read_folder(folder: Path) -> dict[str, list[str]]:
    """Return for each file below a folder what of the town it names; only files that name any."""
    found = {
        str(file.relative_to(folder)): [hit for text in texts_of(file) for hit in named(text)]
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
    return {name: hits for name, hits in found.items() if hits}


def main() -> None:
    """Make the project, or read what a batch wrote."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["make", "read"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("-n", type=int, default=20, help="number of communes")
    parser.add_argument("--seed", type=int, default=1, help="of the invented figures")
    given = parser.parse_args()
    if given.what == "make":
        made = make_project(given.folder, given.n, seed=given.seed)
        print(f"{len(made)} communes; next: cd {given.folder} && sapa check && sapa batch communes.yml")
        return
    found = read_folder(given.folder)
    for name, hits in found.items():
        print(name, *dict.fromkeys(hits), sep="\n    ")
    print(f"{len(found)} files name the town")


if __name__ == "__main__":
    main()
