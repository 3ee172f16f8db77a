"""A project with a workbook of the office: its figures and goals count like public ones, from their day on."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from office import DAY, figure, office, steady

from sapa_analysis.core import OfficeError, ParamsError, Targets, targets_table
from sapa_analysis.evidence import is_office, template_file
from sapa_analysis.pipeline import (
    check_project,
    known_later,
    known_targets,
    load_project,
    office_at,
    open_project,
    tables_of,
)

BEFORE = date(2023, 6, 14)
pytestmark = pytest.mark.slow


def visits(value=2.6e6, year=2022, **other):
    return figure("tourist_arrivals", year, value, "visits", **other)


def goals(*changes):
    """Return goals of the office: the first of the 2023 resolution, changed."""
    first = targets_table(load_project().targets).iloc[0].to_dict()
    rows = [
        first | {"published": str(DAY), "where": f"so_lieu.xlsx, trang Chỉ tiêu, ô G{place}:{place}",
                 "internal": False} | change
        for place, change in enumerate(changes, start=6)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[*Targets.to_schema().columns, "where", "internal"])


@pytest.fixture(scope="module")
def project():
    return load_project(office=steady())


def test_without_a_workbook_there_is_no_office():
    assert load_project().office is None


def test_an_empty_workbook_changes_no_table():
    plain, own = load_project(), load_project(office=office([]))
    for name in ("evidence", "indicators", "covariates", "events"):
        pd.testing.assert_frame_equal(getattr(own, name), getattr(plain, name))
    assert own.targets == plain.targets
    assert own.as_of(DAY).keyed() == plain.as_of(DAY).keyed()


def test_every_goal_of_the_documents_has_three_years_of_figures(project):
    _, params = open_project(as_of="2023-06-30")
    known = project.as_of("2023-06-30")
    for goal in known_targets(project, params):
        said = known.statements_on([goal.indicator_id], "sa_pa")
        own = said[said["source_url"].map(is_office)]
        assert set(own["period"]) == {"2020", "2021", "2022"}
        rivals = said[said["period"].isin(own["period"]) & (said["freq"] == "A")]
        assert rivals["source_url"].map(is_office).all()


def test_a_day_before_the_workbook_knows_nothing_of_it(project):
    plain, early = load_project().as_of(BEFORE), project.as_of(DAY).as_of(BEFORE)
    pd.testing.assert_frame_equal(
        early.evidence.reset_index(drop=True), plain.evidence.reset_index(drop=True)
    )
    assert early.office.counts["figures"] == 0
    assert project.as_of(DAY).office.counts["figures"] == len(steady().figures)


def test_figures_of_an_office_bear_no_mark_that_public_ones_lack(project):
    assert [*project.evidence.columns] == [*load_project().evidence.columns]


# goals ----------------------------------------------------------------------------------------------------


def test_a_corrected_goal_counts_from_its_day_on_and_the_public_one_until_then():
    own = load_project(office=office([], goals=goals({"value": 15.5})))
    name = own.targets[0].id

    def then(project):
        return [target.value for target in project.targets if target.id == name]

    assert then(own) == then(own.as_of(DAY)) == [15.5]
    assert then(own.as_of(BEFORE)) == then(own.as_of(DAY).as_of(BEFORE)) == [14.5]
    ids = [target.id for target in load_project().as_of(BEFORE).targets]
    assert [target.id for target in own.as_of(BEFORE).targets] == ids


def test_a_goal_that_the_office_adds_stands_behind_the_public_ones():
    own = load_project(office=office([], goals=goals({"id": "office.goals.6", "start": 2024, "end": 2024})))
    assert [target.id for target in own.targets][-1] == "office.goals.6"
    assert "office.goals.6" not in {target.id for target in own.as_of(BEFORE).targets}


def test_the_office_says_who_leads_a_target():
    first = load_project().targets[0]
    own = load_project(office=office([], leads={first.id: "Phòng Văn hóa"}))
    assert own.targets[0] == first.model_copy(update={"unit_in_charge": "Phòng Văn hóa"})
    assert own.targets[1:] == load_project().targets[1:]


# rows for the house ---------------------------------------------------------------------------------------


def test_with_a_row_for_the_house_nothing_is_kept_on_disk(project):
    whole = office([visits(), visits(1.9e6, 2019, internal=True)])
    assert load_project(office=whole).store is None
    assert load_project(office=whole).as_of(DAY).store is None
    assert load_project().store is not None
    assert project.store is not None


def test_a_part_of_a_workbook_is_never_answered_with_the_whole():
    whole = office([visits(), visits(1.9e6, 2019, internal=True)])
    for asked in (whole, whole.public(), whole):
        own = load_project(office=asked).evidence
        assert own["source_url"].map(is_office).sum() == len(asked.figures)


# the file of a run ----------------------------------------------------------------------------------------


def write(path, own):
    path.write_bytes(template_file(tables_of(load_project(), own.area), day=own.day, office=own))
    return str(path)


def test_a_run_reads_the_workbook_that_it_names(tmp_path):
    path = write(tmp_path / "so_lieu.xlsx", office([visits()]))
    project, params = open_project(as_of="2023-06-30", office=path)
    said = project.as_of(params.as_of).statements_on(["tourist_arrivals"], "sa_pa")
    [row] = said[said["period"].eq("2022") & said["freq"].eq("A")].to_dict("records")
    assert (row["value"], row["where"].partition(",")[0]) == (2.6e6, "so_lieu.xlsx")


def test_a_run_on_an_earlier_day_is_told_that_rows_count_later(tmp_path):
    path = write(tmp_path / "so_lieu.xlsx", office([visits(), visits(2.1e6, 2021)]))
    with pytest.warns(UserWarning, match='2 of 2 rows of "so_lieu.xlsx" are dated after 2023-01-15'):
        open_project(as_of="2023-01-15", office=path)


def test_a_workbook_with_rows_for_the_house_is_refused(tmp_path):
    own = office([visits(), visits(1999333.0, 2019, internal=True, source_title="Chim hoàng yến")])
    path = write(tmp_path / "mat.xlsx", own)
    with pytest.raises(OfficeError, match="--allow-internal") as caught:
        open_project(as_of="2023-06-30", office=path)
    assert not {"Chim hoàng yến", "1999333", "1.999.333"} & {*str(caught.value).split()}
    assert office_at(path, area="sa_pa", allow_internal=True).has_internal


def test_a_workbook_of_another_area_is_refused(tmp_path):
    path = write(tmp_path / "so_lieu.xlsx", replace(office([]), area="lao_cai"))
    with pytest.raises((OfficeError, ParamsError), match=r"so_lieu\.xlsx"):
        open_project(area="sa_pa", as_of="2023-06-30", office=path)


@pytest.mark.parametrize(
    ("path", "said"),
    [("nowhere.xlsx", "cannot be read: No such file"), ("notebooks", "cannot be read: Is a directory"),
     ("data/areas.csv", "lies among the tables"), ("build/../register/index.csv", "lies among the tables")],
)  # fmt: skip
def test_a_file_that_cannot_be_the_workbook_is_one_error(path, said):
    with pytest.raises(ParamsError, match=f'parameters has 1 problem\n  office: "{path}" {said}'):
        open_project(as_of="2023-06-30", office=path)


def test_known_later_counts_the_rows_of_every_table():
    own = office([visits(), visits(2e6, 2021, published="2023-05-01")], goals=goals({"value": 15.5}))
    assert known_later(own, BEFORE).startswith("2 of 3 rows")
    assert known_later(own, DAY) == ""


def test_the_check_counts_the_rows_of_a_workbook_and_looks_at_them(tmp_path):
    wild = [visits(value, year) for year, value in ((2021, 2.1e6), (2022, 8e6))]
    path = write(tmp_path / "so_lieu.xlsx", office(wild))
    counts, problems, looks = check_project(office=path)
    assert (counts["figures of the office"], problems) == (2, [])
    assert "goals of the office" not in counts
    assert [look for look in looks if look.file.startswith("so_lieu.xlsx")]
