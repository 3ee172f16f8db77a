"""How far forecasts of short yearly series go wrong, and how often their intervals hold: ours and others'.

One command measures everything: the headline and each model on the yearly sets without a break, the peers on
the same series in an environment of their own, histories cut short, breaks with their shock years given, and
the averages and totals over the horizon. The pooled errors are learned on the other sets: no set is scored
on errors of its own series.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from competitions import BROKEN, SMOOTH, Trial, errors_from, learn_elsewhere, read_trials
from scipy.stats import kstest
from statsmodels.tsa.exponential_smoothing import ets  # noqa: F401  (no series is charged for its import)

from sapa_analysis import SapaError, forecast
from sapa_analysis.evaluation.scores import LEVELS, mase_scale, pit, smape, wis
from sapa_analysis.forecasting.models import HEADLINE, MODELS

PEERS = ("statsforecast>=2.0", "statsmodels>=0.15", "pyarrow")
#: Histories are cut to these lengths, and to these where they are called thin.
SHORT, THIN = (8, 12), (2, 3, 4)
MEASURES = ["MASE", "sMAPE", "WIS", "in 80 %", "in 95 %", "ms"]
NEXT_YEAR = ["80 %, next year", "95 %, next year"]


def score(trial: Trial, quantiles: np.ndarray, scale: float) -> dict[str, float]:
    """Return the scores of one series: quantiles are years ahead x LEVELS."""
    point, came = quantiles[:, LEVELS.index(0.5)], trial.outcome
    inside = {
        name: 100.0 * ((came >= quantiles[:, low]) & (came <= quantiles[:, high]))
        for name, low, high in ((50, 2, 4), (80, 1, 5), (95, 0, 6))
    }
    return {
        "MASE": np.abs(came - point).mean() / scale,
        "sMAPE": smape(came, point).mean(),
        "WIS": wis(came, quantiles).mean() / scale,
        **{f"in {name} %": float(years.mean()) for name, years in inside.items()},
        **{f"{name} %, next year": float(inside[name][0]) for name in (80, 95)},
        "crossed": float((np.diff(quantiles, axis=1) < 0).any()),
    }


def measure(
    name: str, trial: Trial, scale: float, *, method: str, shock_years: Sequence[int], table: pd.DataFrame
) -> dict[str, float | str]:
    """Return the scores of one of our methods on one series, or that it refused."""
    with errors_from(table):
        start = time.process_time()
        try:
            paths = forecast(
                trial.history, method, horizon=len(trial.outcome), seed=1, shock_years=shock_years
            ).paths
        except SapaError:
            return {"series": name, "refused": 1.0}
        values = paths.to_numpy()
        quantiles = np.quantile(values, LEVELS, axis=1).T
        spent = 1000 * (time.process_time() - start)
    ranks = {
        "pit of averages": float(pit(trial.outcome.mean(), values.mean(axis=0))),
        "pit of growth": float(pit(trial.outcome[-1] - trial.outcome[0], values[-1] - values[0])),
    }
    return {"series": name, **score(trial, quantiles, scale), "ms": spent, "refused": 0.0, **ranks}


def run_ours(
    folder: Path,
    sets: Sequence[str],
    methods: Sequence[str],
    tables: Mapping[str, pd.DataFrame],
    cut: int = 0,
) -> pd.DataFrame:
    """Return one row per set, method and series; errors are scaled by the whole history."""
    frames = []
    with ProcessPoolExecutor() as pool:
        for name in sets:
            trials = read_trials(folder, name)
            scales = [mase_scale(trial.history) for trial in trials.values()]
            cuts = [trial.cut(cut) for trial in trials.values()]
            for method in methods:
                job = partial(measure, method=method, shock_years=BROKEN.get(name, ()), table=tables[name])
                rows = list(pool.map(job, trials, cuts, scales, chunksize=16))
                frames.append(pd.DataFrame(rows).assign(set=name, method=method))
    return pd.concat(frames, ignore_index=True)


def run_peers(folder: Path, python: Path) -> pd.DataFrame:
    """Return the same rows of the peers, which run in their own environment."""
    frames, here = [], Path(__file__).parent
    for name in SMOOTH:
        trials = read_trials(folder, name)
        with tempfile.TemporaryDirectory() as scratch:
            asked, out = Path(scratch) / "series.json", Path(scratch) / "peers.csv"
            series = {
                key: {"values": trial.history.tolist(), "horizon": len(trial.outcome)}
                for key, trial in trials.items()
            }
            asked.write_text(json.dumps(series), "utf-8")
            done = subprocess.run(
                [python, here / "peers.py", asked, out], env=_own_path(), stderr=subprocess.PIPE, text=True
            )
            if done.returncode:  # a peer's warnings are many and only of use when it fails
                sys.exit(f"{python} {here / 'peers.py'} failed on {name}:\n{done.stderr[-2_000:]}")
            frames.append(_peer_scores(pd.read_csv(out, dtype={"series": str}), trials).assign(set=name))
    return pd.concat(frames, ignore_index=True)


def _peer_scores(table: pd.DataFrame, trials: Mapping[str, Trial]) -> pd.DataFrame:
    columns = ["lower_95", "lower_80", "lower_50", "point", "upper_50", "upper_80", "upper_95"]
    rows = []
    for (name, method), found in table.groupby(["series", "method"], sort=False):
        quantiles, trial = found[columns].to_numpy(), trials[name]
        row = {"series": name, "method": method, "refused": float(np.isnan(quantiles).any())}
        if not row["refused"]:
            row |= score(trial, quantiles, mase_scale(trial.history)) | {"ms": found["ms"].iloc[0]}
        rows.append(row)
    return pd.DataFrame(rows)


def _own_path() -> dict[str, str]:
    """Return the environment without the path that was set for us, which pip would count as installed."""
    own = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    own.pop("PYTHONPATH", None)
    return own


def peers_python(given: str) -> Path:
    """Return the interpreter of the peers' environment, made on first use when none is given."""
    if given:
        return Path(given)
    home = Path(__file__).parent.parent / "build/peers"
    python = home / "bin/python"
    if not python.exists():
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True, env=_own_path())
    return python


def as_markdown(table: pd.DataFrame, first: str) -> Iterator[str]:
    """Yield the lines of a table, its index in the first column."""
    yield f"| {first} | " + " | ".join(table.columns) + " |"
    yield "|---|" + "---:|" * table.shape[1]
    for name, row in table.iterrows():
        cells = [
            "" if pd.isna(x) else x if isinstance(x, str) else f"{x:.3f}" if abs(x) < 10 else f"{x:.1f}"
            for x in row
        ]
        yield (
            f"| {name if isinstance(name, str) else ', '.join(map(str, name))} | " + " | ".join(cells) + " |"
        )


def by_method(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the mean scores of each method over all series, and how many it refused or crossed."""
    table = rows.groupby("method", sort=False)[MEASURES].mean()
    return table.join(rows.groupby("method")[["refused", "crossed"]].sum())


def against_best(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return per set the headline's mean, the best other's, and their mean difference with its error."""
    found = {}
    for name, part in rows.groupby("set", sort=False):
        wide = part.pivot(index="series", columns="method", values=measure)
        others = wide.drop(columns=[HEADLINE]).mean()
        gap = (wide[HEADLINE] - wide[others.idxmin()]).dropna()
        found[name] = {
            "headline": wide[HEADLINE].mean(), "best other": str(others.idxmin()), "its mean": others.min(),
            "difference": gap.mean(), "standard error": gap.std(ddof=1) / np.sqrt(len(gap)),
            "error of the mean": wide[HEADLINE].std(ddof=1) / np.sqrt(len(wide)),
        }  # fmt: skip
    return pd.DataFrame(found).T


def by_length(rows: pd.DataFrame) -> pd.DataFrame:
    """Return coverage at 80 and 95 % and WIS by length of history and set, and the set held least often."""
    thin = dict.fromkeys(map(str, THIN), f"{THIN[0]} to {THIN[-1]}")
    by = rows.assign(history=rows["cut"].astype(str).replace(thin)).groupby(["history", "set"], sort=False)
    means = by[["in 80 %", "in 95 %", "WIS"]].mean()
    told = [f"{held:.1f}, {wide:.1f}; {score:.3f}" for held, wide, score in means.to_numpy()]
    table = pd.Series(told, means.index).unstack("set")[list(SMOOTH)]
    return table.assign(**{"held least": means["in 80 %"].unstack("set").idxmin(axis=1)})


def histogram(rows: pd.DataFrame, column: str) -> str:
    """Return the shares of ten bins in percent, and the distance to a flat law."""
    ranks = rows[column].dropna()
    shares = np.histogram(ranks, bins=10, range=(0, 1))[0] / len(ranks) * 100
    test = kstest(ranks, "uniform")
    told = " ".join(f"{share:.0f}" for share in shares)
    return f"{told} (largest distance {test.statistic:.3f}, p {test.pvalue:.2g})"


def report(folder: Path, models: Sequence[str], peers: Path | None) -> Iterator[str]:
    """Yield the lines of the report, a section as soon as it is measured."""
    sets = {name: read_trials(folder, name) for name in SMOOTH}
    tables = {name: learn_elsewhere(sets, name) for name in (*SMOOTH, *BROKEN)}
    others = [] if peers is None else [run_peers(folder, peers)]  # first: what may not run is soon known
    ours = run_ours(folder, SMOOTH, models, tables)
    rows = pd.concat([ours, *others], ignore_index=True)
    yield f"\n## Whole histories, {rows['series'].groupby(rows['set']).nunique().sum()} series\n"
    yield from as_markdown(by_method(rows), "method")
    for measure_ in ("MASE", "WIS"):
        yield f"\n### {measure_}, set by set\n"
        yield from as_markdown(against_best(rows, measure_), "set")
    head = ours[ours["method"] == HEADLINE]
    yield "\n### The headline, set by set\n"
    yield from as_markdown(head.groupby("set", sort=False)[[*MEASURES, *NEXT_YEAR]].mean(), "set")
    yield "\n## Where averages over the horizon, and changes across it, fell among the paths (percent)\n"
    for column in ("pit of averages", "pit of growth"):
        yield f"- {column}: {histogram(head, column)}"
    yield "\n## Histories cut to their last years\n"
    cuts = [
        run_ours(folder, SMOOTH, [HEADLINE, "naive"], tables, cut).assign(cut=cut)
        for cut in (*SHORT, *THIN, 1)
    ]
    table = pd.concat(cuts).groupby(["cut", "method"], sort=False)[MEASURES].mean()
    naive = {cut: naive_smape(folder, cut) for cut in (*SHORT, *THIN, 1)}
    table["sMAPE of the last value"] = [naive[cut] for cut, _ in table.index]
    yield from as_markdown(table.dropna(how="all", subset=MEASURES), "years, method")
    yield "\n### The headline by length of history, set by set\n"
    short = pd.concat([head.assign(cut="whole"), *cuts])
    yield from as_markdown(by_length(short[short["method"] == HEADLINE]), "history")
    yield "\n## Breaks, with their shock years given\n"
    broken = run_ours(folder, list(BROKEN), [HEADLINE, "naive", "linear_drift"], tables)
    plain = run_broken_plainly(folder)
    yield from as_markdown(
        pd.concat([broken.groupby(["set", "method"], sort=False)[MEASURES].mean(), plain]), "set, method"
    )


def naive_smape(folder: Path, cut: int) -> float:
    """Return the sMAPE of the last value, over all series."""
    trials = [trial.cut(cut) for name in SMOOTH for trial in read_trials(folder, name).values()]
    return float(np.mean([smape(trial.outcome, trial.history.iloc[-1]).mean() for trial in trials]))


def run_broken_plainly(folder: Path) -> pd.DataFrame:
    """Return the sMAPE of naive and drift on the break sets when no shock year is known."""
    found = {}
    for name in BROKEN:
        trials = read_trials(folder, name).values()
        ahead = [np.arange(1, len(trial.outcome) + 1) for trial in trials]
        steps = [trial.history.diff().mean() for trial in trials]
        last = [trial.history.iloc[-1] for trial in trials]
        came = [trial.outcome for trial in trials]
        for word, moves in (("last value", 0.0), ("line through all", 1.0)):
            points = [y + moves * d * k for y, d, k in zip(last, steps, ahead, strict=True)]
            errors = [smape(out, point).mean() for out, point in zip(came, points, strict=True)]
            found[f"{name}, {word}, shock unknown"] = {"sMAPE": np.mean(errors)}
    return pd.DataFrame(found).T


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="holds the yearly parquet files")
    parser.add_argument("--models", nargs="+", default=list(MODELS), help="our models (default: all)")
    parser.add_argument(
        "--peers", nargs="?", const="", metavar="PYTHON", help="measure other libraries too, in this"
        " environment (default: one made under build/)",
    )  # fmt: skip
    arguments = parser.parse_args()
    peers = None if arguments.peers is None else peers_python(arguments.peers)
    for line in report(arguments.folder, arguments.models, peers):
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
