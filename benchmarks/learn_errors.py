"""Write `forecasting/data/error_quantiles.csv`: pooled errors of the headline on the M1 and M3 yearly series.

Every series is cut to its last 1, 2, 3, 4, 6, 8, 12 and 20 years and kept whole; the errors of the six years
that followed are divided by the spread the combination states. Their quantiles, the mean of both sides, are
the shape of every fan. Beside it stands `error_record.csv`: how often intervals learned on one of the two
sets held the outcomes of the other. Run again whenever `point forecasts.py` or `combination.py` changes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd
from competitions import LEARNED_ON, cross_coverage, learn, read_trials

OUT = Path(__file__).parent.parent / "sapa_analysis/forecasting/data"


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="holds m1_yearly.parquet and m3_yearly.parquet")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write to (default: the package)")
    arguments = parser.parse_args()
    sets = [read_trials(arguments.folder, name) for name in LEARNED_ON]
    write(learn(sets), arguments.out / "error_quantiles.csv")
    write(cross_coverage(*sets), arguments.out / "error_record.csv")


def write(table: pd.DataFrame, path: Path) -> None:
    """Write a table and say so."""
    table.to_csv(path, index=False, lineterminator="\n")
    print(f"{path}: {len(table)} rows")


if __name__ == "__main__":
    main()
