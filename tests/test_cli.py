"""The command says what it found, or one clear error."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sapa_analysis.cli import main

ROOT = Path(__file__).parents[1]


def sapa(*words):
    return CliRunner().invoke(main, list(words))


def test_check_finds_the_project_sound():
    result = sapa("check")
    assert result.exit_code == 0, result.output
    assert "1019 observations, 185 targets" in result.output


def test_check_lists_every_problem_of_every_file(project, monkeypatch):
    project.change("data/evidence/tourism.csv", 5, unit="people")
    project.change("data/targets.csv", 3, sense="")
    project.replace("params/baseline.yml", "horizon:", "horizn:")
    monkeypatch.chdir(project.root)
    result = sapa("check")
    assert result.exit_code == 1
    for needle in ("tourism.csv has 1 problem", "line 5, unit", "targets.csv has 1 problem", "line 3, sense",
                   "did you mean horizon?"):  # fmt: skip
        assert needle in result.output


def test_targets_gives_every_printed_target_with_value_and_sense():
    targets = json.loads(sapa("targets", "--document", "resolution-2023", "--json").output)
    assert len(targets) == 48
    assert all(target["printed"] and target["sense"] and target["value"] is not None for target in targets)
    growth = targets[0]
    assert (growth["indicator_id"], growth["sense"], growth["value"]) == ("grdp_growth", "more_than", 14.5)


def test_evidence_shows_only_what_was_published_by_the_day_with_sources():
    early = sapa("evidence", "tourist_arrivals", "--as-of", "2023-06-30").output.splitlines()
    assert early[0] == "tourist_arrivals, sa_pa: 24 statements known by 2023-06-30, on 36 pages"
    assert len(early) == 25
    assert all("<http" in line for line in early[1:])
    assert not [line for line in early if "12,707" in line or "3,680,000" in line or line.startswith("2024")]
    late = sapa("evidence", "tourist_arrivals").output
    assert "3,680,000" in late


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["evidence", "tourist_arival"], "did you mean tourist_arrivals?"),
        (["evidence", "tourist_arrivals", "--area", "sapa"], "did you mean sa_pa?"),
        (["evidence", "tourist_arrivals", "--as-of", "2023-02-30"], '"2023-02-30" is not a date'),
        (["targets", "--document", "resolution-2032"], "did you mean resolution-2023?"),
        (["briefing", "--as-of", "June"], '"June" is not a date'),
    ],
)
def test_a_wrong_word_is_one_clear_error(words, message):
    result = sapa(*words)
    assert result.exit_code == 1
    assert message in result.output


def test_help_names_every_command():
    output = sapa("--help").output
    for command in ("briefing", "check", "evidence", "schema", "targets"):
        assert f"  {command} " in output
