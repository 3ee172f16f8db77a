"""The inputs of `doors.py` in calls from Python, and in words on the command line."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from doors_inputs import GOAL, GROWING, NO_VALUES, VISITS, Input

import sapa_analysis as sapa

#: Words of which only the tables know that they are none.
WORDS_LATER = {("area", "word"), ("method", "word")}
DAY = date(2023, 6, 30)
TAKEN = ("indicator", "area", "as_of", "horizon", "seed", "lang", "out")


def call_inputs(base: Path) -> Iterator[Input]:
    """Yield the inputs that are no files."""
    yield from open_inputs()
    yield from params_inputs()
    yield from project_inputs()
    yield from series_inputs()
    yield from option_inputs()
    yield from goal_inputs()
    yield from command_inputs()


def shown(value: Any) -> str:
    """Return a value as it is found in a message."""
    return str(value) if isinstance(value, str | int | float) and str(value) else ""


def open_inputs() -> Iterator[Input]:
    """Yield values for `open_project`."""
    for name, values in {"horizon": (None, True, -1, 31, 1.5, "3", [3], math.nan, math.inf, 10**9, 10**400,
            {}, b"3"), "seed": (None, True, -1, 1.5, "1", math.nan, [1]),
            "lang": ("fr", "VI", None, 5, "", ["vi"], True),
            "area": (None, 5, "zzz_zzz", "sa_p", "", True, ["sa_pa"], "ngu_chi_son_commune", "yen_bai",
            "Sa Pa", math.nan),
            "indicator": ("zzz_zzz", "tourist_arrival", None, 5, True, ["tourist_arrivals"],
            "Tourist_arrivals"),
            "as_of": ("30/06/2023", "2023-02-30", "", None, True, 2023.5, math.nan, "1900", "today", 20230630,
            "2023-6-30", [2023], "2023-06-30T10:00", "２０２３", -2023, pd.NaT),
            "out": (None, 5, True, ["x"]),
            "horizont": (2,), "as_off": ("2023",), "Area": ("sa_pa",), "worlds": (200,), "n_paths": (200,),
            "indicators": ("tourist_arrivals",), "": (1,), "kh\u00edu": (1,)}.items():  # fmt: skip
        for value in values:
            yield Input(door="open_project", kind=name or "no name", description=repr(value)[:60],
                right="refused", call=lambda root, name=name, value=value: sapa.open_project(**{name: value}),
                names=(name, "unknown" if name not in TAKEN else shown(value)[:20]))  # fmt: skip
    moments = (datetime(2023, 6, 30), datetime(2023, 6, 30, 23, 59), pd.Timestamp(DAY), np.datetime64(DAY))
    for right, name, values in (("right", "as_of", (DAY, "2023-06-30", "2023-06")),
            ("right", "horizon", (3, 0)), ("refused", "as_of", (*moments, pd.Period("2023-06"))),
            ("refused", "horizon", (np.int64(3),))):  # fmt: skip
        wanted = DAY if name == "as_of" else 3
        for value in values:
            yield Input(door="open_project", kind=f"{name}: a value", description=repr(value), right=right,
                names=(name,), call=lambda root, given={name: value}: sapa.open_project(**given),
                expected=lambda opened, name=name,
                wanted=wanted: getattr(opened[1], name) == wanted)  # fmt: skip


def params_inputs() -> Iterator[Input]:
    """Yield values for `Params.with_values`, and paths for `load_params`."""
    of = partial(Input, door="with_values")

    def changed(root: Path, **values: Any) -> Any:
        return sapa.core.load_params(root / "params/baseline.yml").with_values(**values)

    for name in sapa.core.Params.model_fields:
        for kind, value in NO_VALUES.items():
            if kind not in ("huge", "infinity", "empty list") and (name, kind) not in WORDS_LATER:
                yield of(kind=kind, description=name, right="refused", names=(name,), call=lambda root,
                    values={name: value}: changed(root, **values))  # fmt: skip
    for name, value in {"horison": 3, "as_off": "2023", "seeds": 1, "": 1, "model_config": {},
            "core": []}.items():  # fmt: skip
        yield of(kind="unknown name", description=name, right="refused", names=(name,), call=lambda root,
            values={name: value}: changed(root, **values))  # fmt: skip
    for value in ("2023-06-30", "2023-06", DAY):
        yield of(kind="as_of: a day", description=repr(value), right="right",
            expected=lambda params: params.as_of == DAY, call=lambda root,
            value=value: changed(root, as_of=value))  # fmt: skip
    yield of(kind="two at once", description="horizon, seed", right="refused", names=("horizon", "seed"),
        call=lambda root: changed(root, horizon=31, seed=-1))  # fmt: skip
    for path in ("params/baselin.yml", "params", "data/areas.csv", "params/scenarios/low.yml"):
        yield of(kind="load_params", description=path, right="refused", names=(Path(path).name,),
            call=lambda root, path=path: sapa.core.load_params(root / path))  # fmt: skip


def project_inputs() -> Iterator[Input]:
    """Yield places of projects, days, and indicators."""
    for path in ("/", "/nowhere/at/all", "/etc/hostname", "", ".", "data/evidence", 5, True, b"/"):
        inside = path in ("", ".", "data/evidence")
        yield Input(door="load_project", kind="path", description=repr(path),
            right="right" if inside else "refused", names=(shown(path),),
            call=lambda root, path=path: sapa.pipeline.load_project(path),
            expected=(lambda project: project.root == Path.cwd()) if inside else None)  # fmt: skip
    for day in ("2023-02-30", "30/06/2023", "", True, 5, 2023.5, math.nan, [2023], "2023-6-30"):
        yield Input(door="load_project", kind="as_of", description=repr(day), right="refused",
            names=(shown(day),),
            call=lambda root, day=day: sapa.pipeline.load_project(root).as_of(day))  # fmt: skip
    for name in ("zzz_zzz", "tourist_arrival", None, 5, ""):

        def assess(root: Path, name: Any = name) -> Any:
            return sapa.assess_indicator(*sapa.open_project(), name)

        yield Input(door="load_project", kind="assess_indicator", description=repr(name), right="refused",
            call=assess, names=(shown(name),))  # fmt: skip


def sound_paths(made: Any) -> bool:
    """Return whether a forecast has its 200 paths, in the two years that follow, all of them numbers."""
    years = [period.year for period in made.paths.index]
    ordered = bool(made.summary().eval("lower_80 <= upper_80").all())
    numbers = bool(np.isfinite(made.paths.to_numpy(dtype=float)).all())
    return years == [2020, 2021] and made.paths.shape[1] == 200 and numbers and ordered


def forecast(values: Any, index: Any = None, **options: Any) -> Callable[[Path], Any]:
    """Return the call that forecasts a plain series."""

    def call(_: Path) -> Any:
        if isinstance(values, dict):
            known = pd.Series(values, name="visits")
        else:
            known = values if index is None else pd.Series(values, index=index, name="visits")
        return sapa.forecast(known, **({"horizon": 2, "n_paths": 200, "seed": 1} | options))

    return call


def series_inputs() -> Iterator[Input]:
    """Yield plain series."""
    of, years = partial(Input, door="forecast"), range(2015, 2020)
    ends = dict.fromkeys(GROWING, 1.0)
    for kind, values in {"one value": {2019: 5.0}, "two values": {2018: 5.0, 2019: 6.0}, "constant": ends,
            "zeros": dict.fromkeys(GROWING, 0), "gap": {2010: 5.0, 2019: 9.0},
            "nan between": GROWING | {2015: math.nan}, "negative": GROWING | {2014: -5.0},
            "all negative": {year: -value for year, value in GROWING.items()},
            "huge": {y: v * 1e280 for y, v in GROWING.items()},
            "tiny": {year: value * 1e-300 for year, value in GROWING.items()},
            "one zero": GROWING | {2012: 0.0}, "smallest number": GROWING | {2012: 5e-324},
            "wide": {2017: 1e-200, 2018: 1.0, 2019: 1e200},
            "alternating": {year: 1e6 * (-1) ** year for year in GROWING},
            "whole numbers": {2018: 10**17, 2019: 10**17 + 1}, "million years apart": {1: 5.0, 2019: 9.0},
            "explosive": {year: 10.0 ** (year - 2009) for year in GROWING},
            "nan at the start": {2008: math.nan} | GROWING}.items():  # fmt: skip
        yield of(kind=kind, description=str(values)[:80], right="right", call=forecast(values),
            expected=sound_paths)  # fmt: skip
    yield of(kind="nan at the end", description="2020", right="refused",
        call=forecast(GROWING | {2020: math.nan}), names=("2020",), expected=sound_paths)  # fmt: skip
    for method in sapa.forecasting.MODELS:
        for kind, values in {"growing": GROWING, "constant": ends, "negative": GROWING | {2014: -5.0},
                "two": {2018: 5.0, 2019: 6.0},
                "tiny": {year: value * 1e-300 for year, value in GROWING.items()},
                "zeros": dict.fromkeys(GROWING, 0.0)}.items():  # fmt: skip
            yield of(kind=f"method: {kind}", description=method, right="refused",
                call=forecast(values, method=method), expected=sound_paths)  # fmt: skip
    flag = [True, False, True, True, False]
    for kind, values, index, names in (("empty", [], [], ("no value",)), ("all nan", [math.nan] * 5, years,
            ("no value",)), ("words", ["a"] * 5, years, ("numbers",)), ("numbers as words",
            ["1", "2", "3", "4", "5"], years, ("numbers",)), ("decimal commas", ["1,5"] * 5, years,
            ("numbers",)), ("truth", flag, years, ("numbers",)), ("infinity", [1, 2, math.inf, 4, 5], years,
            ("2017",)), ("complex", [1j] * 5, years, ("numbers",)),
            ("dates as values", pd.to_datetime(["2020"] * 5), years, ("numbers",)),
            ("nothing", [None] * 5, years, ()), ("objects", [object()] * 5, years, ("numbers",)),
            ("beyond", [1, 2, 1e300, 4, 5], years, ("2017", "1e+300")), ("year twice", VISITS,
            [2015, 2016, 2016, 2018, 2019], ("2016",)), ("unsorted", VISITS, [2015, 2017, 2016, 2018, 2019],
            ("2016",)), ("numbered from 0", VISITS, range(5), ("0",)), ("years as words", VISITS,
            [str(year) for year in years], ("2015",)), ("years with halves", VISITS,
            [2015, 2015.5, 2016, 2017, 2018], ("2015.5",)), ("quarters", VISITS, pd.period_range("2019Q1",
            periods=5, freq="Q"), ("Q",)), ("months", VISITS, pd.period_range("2019-01", periods=5, freq="M"),
            ("M",)), ("days of one year", VISITS, pd.date_range("2019-01-01", periods=5), ("2019",)),
            ("month ends", VISITS, pd.date_range("2019-01-31", periods=5, freq="ME"), ("2019",)),
            ("nan as year", VISITS, [2015, 2016, math.nan, 2018, 2019], ("nan",)),
            ("year 20190", [1.0], [20190], ("20190",)),
            ("two levels", VISITS, pd.MultiIndex.from_product([["a"], years]), ("years",)),
            ("negative years", VISITS, range(-5, 0), ("-5",)), ("truth as year", [1.0], [True],
            ("True",))):  # fmt: skip
        yield of(kind=kind, description=type(values).__name__, right="refused", call=forecast(values, index),
            names=names)  # fmt: skip
    for value in (None, VISITS, "visits", 5, np.array(VISITS), pd.DataFrame({"a": VISITS}), GROWING, {}):
        called = lambda root, value=value: sapa.forecast(value, horizon=2, n_paths=200, seed=1)  # noqa: E731
        yield of(kind="no series", description=type(value).__name__, right="refused", call=called,
            names=("wanted",))  # fmt: skip


def option_inputs() -> Iterator[Input]:
    """Yield the other arguments of `forecast`."""
    for name, values in {"horizon": (0, -1, 31, 10**9, 1.5, "2", None, True, math.nan, math.inf, [2]),
            "n_paths": (0, -1, 1.5, "200", None, True, math.nan, 10**12),
            "seed": (-1, 1.5, "1", None, True, math.nan),
            "method": ("hedline", "naiv", "", None, 5, ["naive"]),
            "gap_closing": (0, 1, -1, math.nan, "0.5", None),
            "shock_chance": (-0.1, 1.1, math.nan, math.inf, "0", None),
            "shock_years": ("2020", 2020, None, ["2020"], [2020.5], [math.nan]),
            "parent": (5, "lao_cai")}.items():  # fmt: skip
        for value in values:
            yield Input(door="forecast", kind=f"option {name}", description=repr(value), right="refused",
                call=forecast(GROWING, **{name: value}), names=(name, shown(value)))  # fmt: skip
    for kind, options in {"all years are shocks": {"shock_years": list(GROWING)},
            "shocks elsewhere": {"shock_years": [1900]},
            "numpy numbers": {"seed": np.int64(1), "n_paths": np.int32(200)}}.items():  # fmt: skip
        yield Input(door="forecast", kind=kind, description=str(options)[:60], right="refused",
            expected=sound_paths, call=forecast(GROWING, **options), names=tuple(options)[:1])  # fmt: skip


def differing(table: Any) -> str:
    """Return in which cells a table of one target differs from a sound one."""
    if not isinstance(table, pd.DataFrame) or len(table) != 1:
        return f"{type(table).__name__} of {len(table) if hasattr(table, '__len__') else 1}"
    row = table.to_dict("records")[0]
    cells = [f"{name}: {cell!r}" for name, cell in row.items() if name not in GOAL or GOAL[name] != cell]
    return "; ".join([*cells, *(f"no {name}" for name in GOAL if name not in row)])


def goal_inputs() -> Iterator[Input]:  # noqa: C901
    """Yield tables of targets of one's own."""

    def judged(table: Any) -> Callable[[Path], Any]:
        def call(_: Path) -> Any:
            known = pd.Series(VISITS, index=range(2015, 2020), name="visits", dtype=float)
            outcomes = {"visits": sapa.forecast(known, horizon=3, n_paths=200, seed=1)}
            return sapa.judge_targets(outcomes, table)

        return call

    def fault(kind: str, table: Any, *names: str, right: str = "refused",
            expected: Callable[[Any], bool] | None = None) -> Iterator[Input]:  # fmt: skip
        calls = {"judge_targets": judged(table), "as_targets": lambda _: sapa.core.as_targets(table)}
        for door, call in calls.items():
            if door == "judge_targets" or kind in ("column missing", "no table", "no row"):
                yield Input(door=door, kind=kind, description=differing(table), right=right, call=call,
                    names=names, expected=expected)  # fmt: skip

    for name in GOAL:
        row = {key: value for key, value in GOAL.items() if key != name}
        yield from fault("column missing", pd.DataFrame([row]), name)
        yield from fault("column nearly named", pd.DataFrame([row | {name[:-1] or "x": GOAL[name]}]), name)
        yield from fault("blank cell", pd.DataFrame([GOAL | {name: None}]), name)
        yield from fault("number for a word", pd.DataFrame([GOAL | {name: [1, 2]}]), name)
    for name, values in {"sense": ("at_last", "AT_LEAST", ">=", 5), "measure": ("levl", "Level", 5),
            "value": ("many", "1,5", math.inf, 1e400), "end": (2025.5, "many", 20255, -1, math.inf, True),
            "start": (2030, "many"), "value_high": (200.0, "many"),
            "tolerance": (-1.0, 1.0)}.items():  # fmt: skip
        for value in values:
            yield from fault(f"{name}", pd.DataFrame([GOAL | {name: value}]), name)
    for changes in ({"sense": "between"}, {"sense": "between", "value_high": 100.0},
            {"measure": "term_total"}, {"measure": "term_mean_growth", "start": 2021}):  # fmt: skip
        yield from fault("fields that do not fit", pd.DataFrame([GOAL | changes]), "mine")
    yield from fault("id twice", pd.DataFrame([GOAL, GOAL]), "mine")
    for value in (None, 5, "mine", [GOAL], [None], pd.Series(GOAL)):
        yield from fault("no table", value, type(value).__name__)
    yield from fault("empty list", [], right="right", expected=lambda made: len(made) == 0)
    none = pd.DataFrame([GOAL]).iloc[:0]
    yield from fault("no row", none, right="right", expected=lambda made: len(made) == 0)
    yield from fault("sound", pd.DataFrame([GOAL]), right="right", expected=lambda made: len(made) == 1)
    more = pd.DataFrame([GOAL | {"remark": "ours"}])
    yield from fault("column more", more, right="right", expected=lambda made: len(made) == 1)


def command_inputs() -> Iterator[Input]:
    """Yield words on the command line, each a process of its own."""

    def said(*words: str, **environment: str) -> Callable[[Path], Any]:
        def call(root: Path) -> str:
            place = str(Path(str(sapa.__file__)).parents[1])
            done = subprocess.run([sys.executable, "-m", "sapa_analysis.cli", *words], cwd=root,
                capture_output=True, timeout=60, env=os.environ | {"PYTHONPATH": place} | environment,
                check=False)  # fmt: skip
            text = (done.stdout + done.stderr).decode("utf-8", "replace")
            if done.returncode in (1, 2):
                raise sapa.SapaError(text)
            return f"{text}\nTraceback {done.returncode}" if done.returncode else text

        return call

    def listed(text: str) -> bool:
        examples = [line for line in text.splitlines() if "sapa " in line and "Usage" not in line]
        return "\\b" not in text and all(line.count("sapa ") == 1 for line in examples)

    of = partial(Input, door="command line", limit=60, prepare=lambda root: None)
    for words, names in ((("evidence", "tourist_arrival"), ("tourist_arrivals",)),
            (("evidence", "tourist_arrivals", "--area", "sa_p"), ("sa_pa",)),
            (("evidence", "tourist_arrivals", "--as-of", "2023-02-30"), ("2023-02-30",)),
            (("evidence", "tourist_arrivals", "--as-of", ""), ("date",)),
            (("targets", "--document", "congress-202"), ("congress-2020",)),
            (("targets", "--area", "sa_p"), ("sa_pa",)), (("run", "02_trajectori"), ("02_trajectory",)),
            (("run", "02_trajectory", "-p", "horizont", "2"), ("horizont", "horizon")),
            (("batch", "nowhere.yml"), ("nowhere.yml",)), (("issue", "2023-02-30"), ("2023-02-30",)),
            (("briefing", "--as-of", "30/06/2023"), ("30/06/2023",))):  # fmt: skip
        yield of(kind="refusal", description=" ".join(words), right="refused", call=said(*words), names=names)
    narrow = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    for words, test in ((("check",), lambda text: "sound" in text),
            (("evidence", "tourist_arrivals"), lambda text: "statements" in text),
            (("targets", "--document", "congress-2020"), lambda text: "congress-2020" in text),
            (("evidence", "tourist_arrivals", "--lang", "vi"),
            lambda text: "statements" in text)):  # fmt: skip
        yield of(kind="narrow console", description=" ".join(words), right="right",
            call=said(*words, **narrow), expected=test)  # fmt: skip
    yield of(kind="help", description="--help", right="right", call=said("--help"), expected=listed)
    yield of(kind="nothing known yet", description="as of 1900", right="refused", names=("1900",),
        call=said("evidence", "tourist_arrivals", "--as-of", "1900"),
        expected=lambda text: " 0 statements known by 1900" in text)  # fmt: skip
