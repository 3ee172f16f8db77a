"""Every picture, from one forecast of Sa Pa town as known on 30 June 2023; a cell is a call of it."""

# %% begin
import sapa_analysis as sapa

project, params = sapa.open_project(area="sa_pa", as_of="2023-06-30")
base = sapa.forecast_area(project, params)
visits = project.indicators.loc["tourist_arrivals"]
goals = sapa.pipeline.known_targets(project, params, "tourist_arrivals")

# %% plot_forecast
# History, fan chart and goals of one indicator; without goals, `base["tourist_arrivals"].plot()`.
sapa.figures.plot_forecast(base["tourist_arrivals"], goals, visits, lang="en")

# %% plot_small
# The same in 58 mm, as the briefing has it.
sapa.figures.plot_small(base["tourist_arrivals"], goals, visits, lang="en")

# %% plot_evidence
# Every published figure in front of the yearly estimate; brackets mark figures that conflict.
observed = base["tourist_arrivals"].observed
conflicts = sapa.series.find_conflicts(observed)
sapa.figures.plot_evidence(observed, visits, conflicts=conflicts, lang="en")

# %% plot_peers
# What share of 2019 the area and other places have reached.
shares = sapa.pipeline.peer_shares(project, base["tourist_arrivals"])
sapa.figures.plot_peers(shares, visits, as_of=params.as_of, lang="en")

# %% plot_recovery
# The years after the break: the fan, other places, and what came.
found = sapa.pipeline.peer_recovery(project, params, "tourist_arrivals", base["tourist_arrivals"])
sapa.figures.plot_recovery(
    found.fan, found.peers, found.own, visits, level=found.level, base=found.base, start=found.start,
    area="Sa Pa town", as_of=params.as_of, lang="en",
)  # fmt: skip

# %% plot_scenarios
# The median of each scenario, with the 80% interval of the last year.
outcomes = sapa.under_scenarios(project, params, base)
labels = {name: project.scenarios[name].label["en"] for name in outcomes}
by_scenario = {name: under["tourist_arrivals"] for name, under in outcomes.items()}
sapa.figures.plot_scenarios(by_scenario, goals, visits, labels, lang="en")

# %% plot_difference
# What each scenario changes, year by year, in percent of the baseline.
changes = sapa.scenarios.differences(outcomes, "tourist_arrivals")
sapa.figures.plot_difference(changes, visits, labels, as_of=params.as_of, lang="en")

# %% plot_frontier
# Mixes of arrivals and spend per visit that bring the goal of 2025 at an even chance.
mixes = sapa.frontier(project, params, base, "congress-2020.tourism_revenue")
sapa.figures.plot_frontier(mixes, project.indicators, outcomes=base, title="Goal for 2025", lang="en")

# %% plot_waterfall
# How arrivals and spend would have to close the gap between forecast and goal.
*_, aim = sapa.pipeline.known_targets(project, params, "tourism_revenue")
factors = {"volume": "tourist_arrivals", "price": "spend_per_visit", "wanted": goals}
gap = sapa.scenarios.split_gap(base, aim, **factors)
names = sapa.reporting.gap_labels(gap, aim, project.indicators, lang="en")
sapa.figures.plot_waterfall(gap, names, title="Tourism revenue, 2025", lang="en")

# %% plot_tornado
# How far the probability of one goal leans on each choice.
others = {"shock_chance": [0.0, 0.08], "gap_closing": [0.4], "method": ["naive", "theta"]}
leans = sapa.sensitivity(project, params, "tourism_revenue", choices=others)
sapa.figures.plot_tornado(leans, "congress-2020.tourism_revenue", title="Goal for 2025", lang="en")

# %% plot_verdicts
# Where each goal stands: the latest figure in percent of it, and the word for its probability.
verdicts = sapa.pipeline.judge(project, base, sapa.pipeline.known_targets(project, params)[:16], params)
sapa.figures.plot_verdicts(verdicts, project.indicators, lang="en")

# %% plot_track_record
# What would have been said at the end of each earlier year, beside what came.
records = sapa.evaluation.track_record(project, params, "tourist_arrivals", first=2020, methods=["headline"])
sapa.figures.plot_track_record(records, visits, project.areas, as_of=params.as_of, lang="en")

# %% plot_reliability
# How often goals were met that had been given a probability, over series of other places.
sapa.figures.plot_reliability(sapa.evaluation.verdict_record(), source="benchmarks/verdicts.py", lang="en")
