"""Learn how output and budget revenue follow tourism: `links` of the parameters.

    PYTHONPATH=/tmp/pyarrow python benchmarks/learn_links.py FOLDER

FOLDER holds the series to measure on; the project's own tables are read as of 30 June 2023, and no figure of
Sa Pa, Lào Cai or Viet Nam that came later enters.

The elasticity of output to tourism receipts is what tourism adds to output as a share of it, times what comes
of a fall of receipts in output. It is measured in two ways that err to opposite sides:

1. Countries, Viet Nam left out: `dlog GDP = a + b * (receipts / GDP in 2019) * dlog receipts`, 2019 to 2020.
   All countries met the pandemic, so `a` takes what it did to all; `b` is read from those that live
   on visitors more than others. Those may have closed harder, and residents' travel fell beside foreigners':
   both raise `b`. The same exposure tells nothing of the years before (the placebo lines). For an area the
   exposure is receipts / output of 2019, at most the printed share of trade and services.
2. The area itself: how far growth of 2020 fell below that of 2017 to 2019, per log unit of receipts. The
   pandemic hit the rest too, which raises it; printed growth of districts is smooth, which lowers it.

The law is centred between the two, with each one standard deviation away; its bounds are none, and all of
trade and services. Budget revenue: see `budget`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm

import sapa_analysis as sapa
from sapa_analysis.core import Params, YearlySeries, years_of
from sapa_analysis.pipeline import Project, build_area

#: Nothing published later is read.
AS_OF = "2023-06-30"
#: The last normal years, the year of the fall, and the first after the reopening.
NORMAL, FALL, BACK = (2017, 2018, 2019), 2020, 2022
#: A country whose receipts are so large a share that it weighs as much as many.
MACAO = "MAC"
#: Exposures above this tell something of a country.
EXPOSED = 0.03
#: Share of receipts that would reach the budget if all were taxed at the usual rate of value added tax, 10 %.
TAX = 0.1
#: The town's plan of budget revenue that is nearest to that year.
PLAN = "resolution-2023.06.state_budget_revenue"
#: International tourism receipts of 2019 and 2020, million US dollars, of countries whose GDP is in the
#: folder. World Bank, World Development Indicators ST.INT.RCPT.CD, CC BY 4.0, as stored in github
#: open-numbers/ddf--open_numbers--world_development_indicators at 339720c5. Viet Nam is left out.
RECEIPTS = """
AGO 395 19, ALB 2458 1243, ARE 38413 24615, ARG 5654 1702, ARM 1553 303, ATG 992 416, AUS 47953 26234,
AUT 25924 15362, AZE 2004 340, BEL 10581 7447, BGD 391 218, BGR 4832 1792, BHR 3860 724, BHS 4150 1007,
BIH 1225 438, BLR 1290 542, BOL 977 243, BRA 6127 3099, BWA 712 217, CHE 21257 9994, CHL 3279 1034,
CIV 550.5 199.3, CMR 681 437, COL 6784 1959, COM 72.7 18.5, CPV 567 169, CRI 4282 1479, CYP 3245 663,
CZE 7967 3890, DZA 140 50, ECU 2288 705, EGY 14256 4874, EST 2310 865, ETH 3529 2282, FIN 5944 1757,
FJI 1345 236, FRA 70776 35958, GEO 3551 586, GHA 1490 191, GIN 10.4 1.29, GMB 157 53, GRC 23003 6193,
GTM 1227.2 298.5, HND 556 189, HRV 11974 5632, HUN 10225 4224, IDN 18405 3533, IND 31661 13413,
IRL 14808 4160, IRQ 3593 955, ISR 8459 2661, ITA 51910 20459, JOR 6765 1745, JPN 49209 11395,
KAZ 2922 589, KGZ 708 195, KHM 5312 1119, KOR 25456 11776, KWT 1198 524, LAO 974 227, LKA 4663 1076,
LUX 5645 4454, MAC 41166 9442, MAR 9949 4514, MDA 527 354, MDG 951 202, MDV 3171 1409, MEX 25847 11449,
MKD 401 253, MNE 1276 180, MNG 605 49, MOZ 324 113, MRT 13.7 6.4, MUS 2024 518, MWI 62 35,
MYS 22200 3386, NAM 451 155, NGA 1471 321, NLD 23724 10926, NOR 7040 2196, NPL 801 238, OMN 3077 669,
PAK 992 765, PAN 7052 1841, PER 4703 1002, PHL 11455 2769, POL 15712 8379, PRT 24592 10522,
PRY 409 104, ROU 4240 1611, RUS 17235 4961, RWA 635.9 212, SAU 19849 5960, SLB 82 7, SLV 1664 755,
SRB 2000 1422, SUR 64 19, SVK 3350 1303, SVN 3353 1418, SWZ 14.3 7.3, SYC 618 228, THA 64371 15360,
TJK 179.1 102.4, TTO 481 151, TUN 2683 1007, TUR 41415 13771, UGA 1400 518, UKR 2595 687,
URY 2335 1085, USA 239447 84205, UZB 1679 395, VCT 255 85, VUT 295 67, WSM 206.1 23.1, ZAF 9064 2716,
ZWE 285 66
"""


def countries(folder: Path) -> pd.DataFrame:
    """Return exposure (receipts / GDP of 2019), log change of receipts, and log changes of GDP by year."""
    rows = [line.split() for line in RECEIPTS.replace("\n", " ").split(",")]
    receipts = pd.DataFrame(rows, columns=["country", "before", "after"]).set_index("country").astype(float)
    table = pd.read_parquet(folder / "gdp_covid_2021_2023.parquet")
    gdp = table.assign(year=table["date"].dt.year).pivot(index="year", columns="series_id", values="value")
    steps = np.log(gdp[receipts.index]).diff()
    return pd.DataFrame(
        {
            "exposure": receipts["before"] / gdp.loc[NORMAL[-1], receipts.index],
            "receipts": np.log(receipts["after"] / receipts["before"]),
            **{f"gdp_{year}": steps.loc[year] for year in range(NORMAL[0], BACK + 1)},
        }
    )


def slope(name: str, x: pd.Series, y: pd.Series) -> dict[str, object]:
    """Return the slope by least squares (robust errors) and by Huber's weights, with an intercept."""
    x, y = x.align(y, join="inner")
    known = np.isfinite(x) & np.isfinite(y)
    design = sm.add_constant(x[known].to_numpy())
    plain = sm.OLS(y[known].to_numpy(), design).fit(cov_type="HC3")
    huber = sm.RLM(y[known].to_numpy(), design).fit()
    return {
        "regression": name, "n": int(known.sum()), "slope": plain.params[1], "se": plain.bse[1],
        "huber": huber.params[1], "huber se": huber.bse[1], "R2": plain.rsquared,
    }  # fmt: skip


def across_countries(folder: Path) -> pd.DataFrame:
    """Return the slopes of log GDP on exposure times the log change of tourism; the first is the one used."""
    data = countries(folder)
    shock, fall = data["exposure"] * data["receipts"], data[f"gdp_{FALL}"]
    rows = [
        slope("receipts, 2020", shock, fall),
        slope("without Macao", shock.drop(MACAO), fall),
        slope("exposed countries", shock[data["exposure"] > EXPOSED], fall),
        *(slope(f"placebo, {year}", shock, data[f"gdp_{year}"]) for year in NORMAL),
        slope("whatever the exposure", data["receipts"], fall),
    ]
    table = pd.read_parquet(folder / "recoveries_countries_yearly.parquet")
    arrivals = table.pivot(index="year", columns="series_id", values="value")
    steps = np.log(arrivals.where(arrivals > 0)).diff()
    for year in range(FALL, BACK + 1):
        rows.append(slope(f"arrivals, {year}", data["exposure"] * steps.loc[year], data[f"gdp_{year}"]))
    without = [float(slope("", shock.drop(each), fall)["slope"]) for each in shock.index]  # type: ignore[arg-type]
    print(f"one country left out: {min(without):.2f} to {max(without):.2f}")
    return pd.DataFrame(rows)


def printed(rows: pd.DataFrame, indicator: str, area: str) -> pd.Series:
    """Return the yearly figures of an area, the one published last where there are several."""
    here = (rows["indicator_id"] == indicator) & (rows["area"] == area) & (rows["freq"] == "A")
    rows = rows[here].sort_values("published", kind="stable")
    return pd.Series(rows["value"].to_numpy(), rows["period"].astype(int)).groupby(level=0).last()


def national(series: str, tables: pd.DataFrame) -> pd.Series:
    """Return a series of the nation."""
    return tables[tables["series"] == series].set_index("period")["value"]


def estimates(series: YearlySeries) -> pd.Series:
    """Return the estimate of each year."""
    return pd.Series(series.table["estimate"].to_numpy(), years_of(series.table))


def own_fall(growth: pd.Series, receipts: pd.Series) -> tuple[float, float]:
    """Return the fall of growth per log unit of receipts in the first year, and in both years together."""
    short = growth[list(NORMAL)].mean() - growth.loc[FALL : FALL + 1]
    one, two = (np.log(receipts[NORMAL[-1]] / receipts[year]) for year in (FALL, FALL + 1))
    return float(short.iloc[0] / 100 / one), float(short.sum() / 100 / two)


def in_areas(project: Project, params: Params) -> Iterator[dict[str, object]]:
    """Yield, by area, receipts against output, the share of trade and services, and the own elasticities."""
    known = project.as_of(params.as_of)
    for area, series in build_area(known, params).items():
        if area == "viet_nam":
            # the tourism administration's table carries no day of publication; it is read to 2022
            receipts = printed(project.evidence, "tourism_revenue", area)
            output = national("viet_nam_gdp_current_vnd_annual_gso", known.covariates)
            output.index = output.index.astype(int)
        else:
            receipts, output = estimates(series["tourism_revenue"]), estimates(series["grdp"])
        services = printed(known.evidence, "share_trade_services", area).loc[:FALL]
        first, both = own_fall(estimates(series["grdp_growth"]), receipts)
        yield {
            "area": area,
            **{f"receipts / output {year}": receipts[year] / output[year] for year in (NORMAL[-1], BACK)},
            "trade and services": services.iloc[-1] / 100 if len(services) else np.nan,
            "own, 2020": first,
            "own, 2020 and 2021": both,
        }


def law(of_countries: float, row: pd.Series) -> dict[str, float]:
    """Return the law of an area: between its own fall and what countries say of its exposure."""
    ceiling = row["trade and services"]
    low, high = row["own, 2020"], of_countries * min(row[f"receipts / output {NORMAL[-1]}"], ceiling)
    return {
        "from itself": low, "from countries": high, "elasticity": (low + high) / 2, "sd": (high - low) / 2,
        "low": 0.0, "high": ceiling,
    }  # fmt: skip


def quarters(project: Project) -> pd.DataFrame:
    """Return slopes of the nation's yearly steps of GDP on share times those of hotels and restaurants."""
    of = {
        "gdp": "viet_nam_gdp_constant_2010_vnd_quarterly_gso",
        "hotels": "viet_nam_hotels_restaurants_va_constant_2010_quarterly_gso",
    }
    wide = pd.DataFrame({name: national(series, project.covariates) for name, series in of.items()})
    steps, share = np.log(wide).diff(4), (wide["hotels"] / wide["gdp"]).shift(4)
    early = steps.index < str(FALL)
    rows = []
    for name, chosen in (("quarters to 2019", early), ("quarters from 2020", ~early)):
        rows.append(slope(name, (share * steps["hotels"])[chosen], steps["gdp"][chosen]))
    return pd.DataFrame(rows)


def budget(project: Project, params: Params) -> None:
    """Print what is known of budget revenue beside receipts: it bounds nothing.

    The province's own figures since 2017; earlier ones are round, or final accounts, which are wider. Of 2021
    domestic revenue and customs are printed, not their sum.
    """
    built = build_area(project, params)
    receipts = estimates(built["lao_cai"]["tourism_revenue"])
    revenue = printed(project.evidence, "state_budget_revenue", "lao_cai")
    parts = ("domestic_budget_revenue", "customs_budget_revenue")
    revenue[FALL + 1] = sum(printed(project.evidence, name, "lao_cai")[FALL + 1] for name in parts)
    revenue = revenue.sort_index().loc[NORMAL[0] : BACK]
    steps = pd.DataFrame({"receipts": receipts[revenue.index], "revenue": revenue})
    steps = np.log(steps).diff().dropna()
    print(steps.assign(ratio=steps["revenue"] / steps["receipts"]).round(3).to_string())
    fit = sm.OLS(steps["revenue"].to_numpy(), sm.add_constant(steps["receipts"].to_numpy())).fit()
    low, high = fit.conf_int()[1]
    print(f"{len(steps)} steps of the province: slope {fit.params[1]:.3f}, 95 % {low:.2f} to {high:.2f}")
    plan = next(each for each in project.targets if each.id == PLAN)
    own = printed(project.evidence, "state_budget_revenue", "sa_pa")
    taxed = TAX * estimates(built["sa_pa"]["tourism_revenue"])[BACK]
    print(f"the town's own yearly figures of budget revenue: {len(own)}")
    print(f"a tax of {TAX:.0%} on its receipts of {BACK}: {taxed:.0f}; the plan of {plan.end}: {plan.value}")


def main() -> None:
    """Measure and print everything."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path, help="holds the parquet files")
    asked.add_argument("--as-of", default=AS_OF, help="the day up to which figures are read")
    args = asked.parse_args()
    found = across_countries(args.folder)
    print(found.round(3).to_string(index=False))
    project, params = sapa.open_project(as_of=args.as_of)
    params = params.with_values(n_paths=1000)
    known = project.as_of(params.as_of)
    print(quarters(known).round(3).to_string(index=False))
    areas = pd.DataFrame(in_areas(project, params)).set_index("area")
    print(areas.round(3).to_string())
    of_countries = float(found.loc[0, "huber"])
    laws = {area: law(of_countries, row) for area, row in areas.iterrows() if area != "viet_nam"}
    print(pd.DataFrame(laws).T.round(3).to_string())
    budget(known, params)


if __name__ == "__main__":
    main()
