"""The inputs of `doors.py` in YAML files and in the register."""

from __future__ import annotations

import codecs
import hashlib
import math
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from doors_inputs import (
    LOADERS,
    NO_VALUES,
    SOUND,
    YAML_FILES,
    Input,
    Prepare,
    anything,
    changed,
    holds,
    in_turn,
    put,
    removed,
    reworded,
    same,
)

import sapa_analysis as sapa


def file_inputs(base: Path) -> Iterator[Input]:
    """Yield the inputs that are files, but no declared tables."""
    for name in YAML_FILES:
        yield from syntax_inputs(base, name)
    yield from value_inputs()
    yield from register_inputs(base)


def syntax_inputs(base: Path, name: str) -> Iterator[Input]:
    """Yield the faults of a whole YAML file."""
    file = YAML_FILES[name]
    text = (base / file).read_text(encoding="utf-8")
    top = yaml.safe_load(text)
    key = next(iter(top if isinstance(top, dict) else top[0]))
    begin = "" if isinstance(top, dict) else "- "
    of = partial(Input, door=name, call=LOADERS[name], description=file, in_files=name != "batch")
    for kind, content in {"byte-order mark": codecs.BOM_UTF8 + text.encode(),
            "CRLF": text.replace("\n", "\r\n"),
            "comment at the end": text + "\n# end\n"}.items():  # fmt: skip
        yield of(kind=kind, right="right", prepare=put(file, content), expected=same(name))
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    more = f"\n{begin}zzz: " if begin else "\nzzz: "
    faults: dict[str, tuple[bytes | str, tuple[str, ...]]] = {"only a comment": ("# nothing\n", ()),
        "empty": ("", ()), "word": ("many\n", ()), "number": ("5\n", ()),
        "other shape": ("- a\n- b\n" if isinstance(top, dict) else "a: 1\n", ()),
        "list of nothing": ("- \n", ()), "tab": (f"{text}{more}\n\t- 1\n", ("line",)),
        "open bracket": (f"{text}{more}[1, 2\n", ("line",)), "open quote": (f'{text}{more}"one\n', ("line",)),
        "alias bomb": (bomb, ("line",)), "anchor": (f"{text}{more}&a 1\n", ("line", "zzz")),
        "tag": (f"{text}{more}!!python/object/apply:os.getcwd []\n", ("line",)),
        "own tag": (f"{text}{more}!mine 1\n", ("line",)),
        "merge": (f"{text}{more}{{<<: {{a: 1}}}}\n", ("line",)),
        "2,000 brackets": (f"{text}{more}{'[' * 2_000}{']' * 2_000}\n", ()),
        "2,000 levels": (text + more + "\n" + "".join(f"{' ' * (n + 2)}a:\n" for n in range(2_000)), ()),
        "two documents": (f"{text}\n---\na: 1\n", ("line",)),
        "key of a list": (f"{text}\n? [a]\n: 1\n", ("line",)),
        "unknown key": (f"{text}{more}1\n", ("line", "zzz")),
        "vertical tab": (f"{text}{more}a\x0bb\n", ("line",)), "nul": (f"{text}{more}a\0b\n", ("line",)),
        "UTF-16": (text.encode("utf-16"), ("UTF-8",)),
        "Windows-1258": (text.encode() + b"\nzzz: \xd0\xe0\n", ("UTF-8",)),
        "key in NFD": (f"{text}\n{begin}ke\u0301: 1\n", ("line", "k\u00e9")),
        "huge whole number": (f"{text}{more}{'9' * 5_000}\n", ("line",)),
        "date that is none": (f"{text}{more}2021-02-30\n", ("line", "zzz")),
        "sexagesimal": (f"{text}{more}1:30:00\n", ("line", "zzz"))}  # fmt: skip
    if isinstance(top, dict):
        faults["key twice"] = (f"{text}\n{key}: 1\n", ("line", key))
        faults["list instead"] = (yaml.safe_dump([top], allow_unicode=True), ())
    for kind, (content, names) in faults.items():
        none = name in ("relations", "corrections") and kind == "only a comment"  # a list of none is sound
        yield of(kind=kind, right="refused", prepare=put(file, content), names=(Path(file).name, *names),
            expected=anything if none else None)  # fmt: skip


def value_inputs() -> Iterator[Input]:  # noqa: C901
    """Yield the faults of single values and keys of YAML files."""

    def edit(door: str, kind: str, change: Callable[[Any], Any], *names: str, right: str = "refused",
            expected: Callable[[Any], bool] | None = None) -> Input:  # fmt: skip
        def rewrite(text: str) -> str:
            content = yaml.safe_load(text)
            change(content)
            return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)

        file = YAML_FILES[door]
        return Input(door=door, kind=kind, description=", ".join(names), right=right, call=LOADERS[door],
            prepare=reworded(file, rewrite), expected=expected, names=(Path(file).name, *names),
            in_files=door != "batch")  # fmt: skip

    def at(*path: Any, value: Any) -> Callable[[Any], None]:
        def change(content: Any) -> None:
            for part in path[:-1]:
                content = content[part]
            if value is ...:
                del content[path[-1]]
            else:
                content[path[-1]] = value

        return change

    for turn, name in enumerate(sapa.core.Params.model_fields):
        nearly = lambda top, name=name: top.update({name[:-1]: top.pop(name)})  # noqa: E731
        kind, part, value = (("reason missing", "reason", ...), ("reason blank", "reason", " "),
            ("unknown part", "sorce", "x"))[turn % 3]  # fmt: skip
        yield edit("params", "key missing", at(name, value=...), name)
        yield edit("params", "near-miss key", nearly, name)
        yield edit("params", kind, at(name, part, value=value), name, "line", part)
        for kind, value in NO_VALUES.items():
            if (name, kind) not in SOUND:
                yield edit("params", f"value: {kind}", at(name, "value", value=value), name, "line")
    for path, values in {("premiums", "value", "grdp", "step"): (math.inf, math.nan, 0, -1, "0.1", None,
            1e300, True), ("premiums", "value", "grdp", "memory"): (1, -0.1, math.nan, math.inf),
            ("premiums", "value", "grdp", "stepp"): (1,), ("premiums", "value", "grdp"): (None, [], 5),
            ("premiums", "value", "zzz_zzz"): ({}, None),
            ("bridges", "value", 0, "factor"): (math.inf, math.nan, 0, -1, "1"),
            ("bridges", "value", 0, "sd"): (math.inf,),
            ("bridges", "value", 0, "of"): ("zzz_zzz", "sa_pa_war", "sa_pa"),
            ("bridges", "value", 0, "to"): ("zzz_zzz", None),
            ("bridges", "value", 0, "indicator"): ("zzz_zzz",), ("bridges", "value", 0, "too"): ("sa_pa",),
            ("subjects", "value", "tourism"): (["zzz_zzz"], [], ["tourist_arrivals"] * 2, None,
            "tourist_arrivals"),
            ("documents", "value"): (["zzz-zzz"], ["congress-202"], ["congress-2020"] * 2),
            ("scenarios", "value"): (["base", "zzz"], ["low"], ["base", "base"], ["base", "hig"]),
            ("editions", "value"): (["2023-02-30"], ["30/06/2023"], ["2023-06-30"] * 2,
            ["2024-01-01", "2023-01-01"], [True]), ("plans_inform", "value"): (["zzz_zzz"],),
            ("shock_years", "value"): ([20200], [2020.5], ["2020"], [-2020]),
            ("as_of", "value"): ("2023-02-30", "30/06/2023", "", "9999", 20230630,
            "2023-06-30 12:00")}.items():  # fmt: skip
        for value in values:
            names = [str(part) for part in path if part not in ("value", 0)]
            yield edit(
                "params", f"{'.'.join(names)}: {value!r:.40}", at(*path, value=value), names[0], "line"
            )
    first = ("adjustments", 0)
    for path, values in {("name",): ("lov", None, 5, ...),
            ("label",): (..., {"vi": "Cao"}, {"vi": "Cao", "en": " "}, "Cao", {}),
            ("label", "en"): ("a\x0bb", "a\u202eb", "a\u200bb", "a\uf0b7b"), ("label", "enn"): ("High",),
            ("reason",): (..., None, {"en": "x"}), ("adjustments",): (..., None, {}, "none", [None], [5]),
            ("lable",): ({"vi": "a", "en": "b"},),
            (*first, "indicator"): ("zzz_zzz", "tourist_arrival", "tourism_revenue", None, 5),
            (*first, "effect"): ("multipli", None, "MULTIPLY"), (*first, "quality"): ("D", "a", None, ...),
            (*first, "impact"): ("huge", ...), (*first, "source"): (..., " ", None),
            (*first, "sources"): ("x",), (*first, "reason", "vi"): (" ", ..., 5),
            (*first, "values"): ({}, None, [1.1], {1900: 1.1}, {20250: 1.1}, {"year": 1.1}, {2024.5: 1.1},
            {True: 1.1}),
            (*first, "values", 2024): (0, -1, math.nan, math.inf, 100, 0.01, "1.1", True, None, 10**400,
            [1.1])}.items():  # fmt: skip
        for value in values:
            names = [str(part) for part in path if part not in ("adjustments", 0)] or ["adjustments"]
            place = [] if value is ... else ["line"]
            yield edit("scenarios", f"{'.'.join(names)}: {'missing' if value is ... else value!r:.40}",
                at(*path, value=value), names[-1], *place)  # fmt: skip
    odd = "US$ 5_{ and $x^"
    yield edit("scenarios", "dollar sign", at("label", "en", value=odd), right="right", expected=holds(odd))
    for path, values in {("related", 0, "indicators"): (["grdp"], ["zzz_zzz", "grdp"], ["grdp", "grdp"], [],
            None, ["grdp", "grd"]), ("related", 0, "why"): (..., "x", None), ("related", 0, "whi"): ("x",),
            ("parts", 0, "part"): ("zzz_zzz", "grdp", None),
            ("parts", 0, "whole"): ("international_arrivals", "tourist_arrival", ...),
            ("counts", 0, "area"): ("zzz_zzz", "sa_p"),
            ("counts", 0, "count"): (0, -1, 1.5, math.nan, math.inf, "16", True, None),
            ("counts", 0, "published"): ("2020-13", "", None, 2020),
            ("counts", 0, "basis"): ("guess", "assumed"),
            ("counts", 0, "indicator_id"): ("tourist_arrivals", "zzz_zzz"),
            ("restatements", 0, "of"): ("zzz", "congress-202"),
            ("restatements", 0, "document"): ("congress-2020",), ("limits", "spend_growth"): (..., None, {}),
            ("limits", "spend_growth", "value"): (math.inf, math.nan, 0, -1, "10", True),
            ("limits", "spend_growth", "unit"): ("vnd",), ("rates", 0, "limit"): ("spend_growt", None),
            ("rates", 0, "amount"): ("zzz_zzz", "grdp"), ("rates", 0, "count"): ("tourism_revenue",),
            ("rates", 0, "check"): ("revenue_in_retail", "", None),
            ("within", 0, "whole"): ("tourism_revenue", "zzz_zzz"), ("within",): (None, {}, [None], "none"),
            ("withn",): ([],)}.items():  # fmt: skip
        for value in values:
            told, name = ("missing", str(path[-1])) if value is ... else (repr(value), "line")
            yield edit("relations", f"{'.'.join(map(str, path))}: {told}", at(*path, value=value), name)
    for path, values in {(0, "match", "value"): (1_500_001, "1500000", math.nan, math.inf, None, ...),
            (0, "match", "area"): ("sa_p", None), (0, "match", "zzz"): ("x",),
            (0, "match"): (None, {}, [], ...), (0, "why"): ("short", None, ...),
            (0, "id"): ("arrivals-2022-of-the-province", None, 5), (0, "action"): ("delete", None),
            (0, "until"): ("", "x"), (0, "wy"): ("a reason of some length",),
            (0,): (None, 5, [])}.items():  # fmt: skip
        for value in values:
            told, names = "missing" if value is ... else repr(value), [str(part) for part in path[1:2]]
            yield edit("corrections", f"{'.'.join(map(str, path))}: {told}", at(*path, value=value), *names)
    run = {"notebook": "02_trajectory", "parameters": {"horizon": 2}}
    huge = {"horizon": list(range(1, 31)), "seed": list(range(100_000)), "as_of": ["2023-06-30"] * 1_000}
    for kind, runs, names in (("empty grid", [{"notebook": "04_targets", "grid": {"as_of": []}}], ("as_of",)),
            ("huge grid", [run | {"parameters": {}, "grid": huge}], ("3,000,000,000",)),
            ("large grid", [run | {"parameters": {}, "grid": {"seed": list(range(200_000))}}], ("200,000",)),
            ("key under parameters and grid", [run | {"grid": {"horizon": [1, 3]}}], ("horizon",)),
            ("unknown notebook", [run | {"notebook": "99_zzz"}], ("99_zzz", "line")),
            ("near-miss notebook", [run | {"notebook": "02_trajectori"}], ("02_trajectory", "line")),
            ("path of a notebook", [run | {"notebook": "../data/x"}], ("../data/x", "line")),
            ("no notebook", [{"parameters": {}}], ("notebook", "line")),
            ("notebook null", [run | {"notebook": None}], ("notebook",)),
            ("notebooks empty", [run | {"notebook": []}], ("notebook",)), ("runs empty", [], ("runs",)),
            ("runs null", None, ("runs",)), ("runs of words", ["02_trajectory"], ("runs",)),
            ("unknown parameter", [run | {"parameters": {"horizont": 2}}], ("horizont", "horizon", "line")),
            ("parameter of a wrong type", [run | {"parameters": {"horizon": "many"}}],
            ("horizon", "many", "line")),
            ("parameter out of range", [run | {"parameters": {"horizon": 99}}], ("horizon", "99", "line")),
            ("unknown indicator", [run | {"parameters": {"indicator": "zzz"}}], ("indicator", "zzz", "line")),
            ("date that is none", [run | {"grid": {"as_of": ["2023-02-30"]}}],
            ("as_of", "2023-02-30", "line")),
            ("grid of one word", [run | {"parameters": {}, "grid": {"horizon": 2}}], ("horizon",)),
            ("near-miss key", [run | {"paramters": {}}], ("paramters", "parameters")),
            ("list as value", [run | {"parameters": {"horizon": [1, 2]}}], ("horizon", "line")),
            ("same run twice", [run, run], ("line",))):  # fmt: skip
        yield edit(
            "batch", kind, at("runs", value=runs), *names, right="told" if "twice" in kind else "refused"
        )
    for value in (..., "", " ", None, 5):
        yield edit("batch", f"reason: {value!r}", at("reason", value=value), "reason")


def register_inputs(base: Path) -> Iterator[Input]:
    """Yield what may have happened to a register since its last entry."""
    index, text = "register/index.csv", (base / "register/index.csv").read_text(encoding="utf-8")
    head, *entries = text.splitlines(keepends=True)
    last, first = entries[-1].split(",")[4], entries[0].split(",")[4]
    outside = entries[0].replace(first, "../data/areas.csv")
    cut = put(index, "".join([head, *entries[:-1]]))
    of = partial(Input, door="register", call=LOADERS["register"], in_files=True, description="")
    yield of(
        kind="CRLF", right="right", prepare=put(index, text.replace("\n", "\r\n")), expected=same("register")
    )
    crlf = changed(f"register/{first}", lambda content: content.replace(b"\n", b"\r\n"))
    yield of(kind="entry with CRLF", right="right", prepare=crlf, expected=same("register"))
    yield of(kind="byte-order mark", right="right", prepare=put(index, codecs.BOM_UTF8 + text.encode()),
        expected=same("register"))  # fmt: skip
    yield of(
        kind="blank line at the end",
        right="right",
        prepare=put(index, text + "\n"),
        expected=same("register"),
    )
    notes = put("register/NOTES.md", "ours")
    yield of(kind="other text beside it", right="right", prepare=notes, expected=same("register"))
    forged = text + entries[-1].replace(entries[-1].split(",")[0], str(len(entries) + 1), 1)
    for kind, prepare, names in (("index deleted", removed(index), ("index.csv",)),
            ("last line dropped", cut, (last,)),
            ("last line and file dropped", in_turn(cut, removed(f"register/{last}")), ("register",)),
            ("first line dropped", put(index, "".join([head, *entries[1:]])), ("line 2",)),
            ("all lines dropped", put(index, head), ("register",)),
            ("index empty", put(index, ""), ("index.csv",)),
            ("stray file", put("register/sa_pa/2099-01-01.csv", "id\nx\n"), ("2099-01-01.csv",)),
            ("stray area", put("register/zzz/2023-01-15.csv", "id\nx\n"), ("zzz",)),
            ("entry deleted", removed(f"register/{last}"), (last,)),
            ("entry empty", put(f"register/{last}", ""), (last,)),
            ("altered byte", changed(f"register/{first}", lambda content: content.replace(b"0.", b"1.", 1)),
            (first,)), ("byte added", changed(f"register/{last}", lambda content: content + b" "), (last,)),
            ("lines reordered", put(index, "".join([head, entries[1], entries[0], *entries[2:]])),
            ("line 2",)), ("line twice", put(index, text + entries[-1]), (f"line {len(entries) + 2}",)),
            ("line forged", put(index, forged), (f"line {len(entries) + 2}",)),
            ("path outside", put(index, "".join([head, outside, *entries[1:]])),
            ("line 2", "../data/areas.csv")),
            ("column missing",
            put(index, "".join(line.rpartition(",")[0] + "\n" for line in (head, *entries))), ("chain",)),
            ("column unknown", put(index, "".join(line[:-1] + ",zzz\n" for line in (head, *entries))),
            ("zzz",)),
            ("date altered", put(index, text.replace("2023-01-15,", "2023-01-16,", 1)), ("line 2",)),
            ("semicolons", put(index, text.replace(",", ";")), ("index.csv",)),
            ("UTF-16", put(index, text.encode("utf-16")), ("index.csv", "UTF-8")),
            ("unclosed quote", put(index, text.replace("1,", '1,"', 1)), ("index.csv",)),
            ("nul", put(index, text.replace("sa_pa", "sa\0pa", 1)), ("index.csv",)),
            ("folder instead of a file", in_turn(removed(index), put(f"{index}/x", "")), ("index.csv",)),
            ("rehashed without its chain", rehashed(first), ("line 2",))):  # fmt: skip
        yield of(kind=kind, right="refused", prepare=prepare, names=names)


def rehashed(file: str) -> Prepare:
    """Return what alters an entry and its hash, but not the chain."""

    def prepare(root: Path) -> None:
        path = root / "register" / file
        old = path.read_bytes()
        new = old + b"\n"
        put(f"register/{file}", new)(root)
        hashes = [hashlib.sha256(content).hexdigest() for content in (old, new)]
        reworded("register/index.csv", lambda text: text.replace(*hashes))(root)

    return prepare
