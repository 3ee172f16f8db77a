"""The command says what it found, or one clear error."""

import io
import json
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from sapa_analysis.cli import EXAMPLES, main
from sapa_analysis.cli.console import show_everything
from sapa_analysis.runs import Terminated, read_batch

pytest_plugins = ["loaded"]
pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]


def sapa(*words):
    return CliRunner().invoke(main, list(words))


def test_check_finds_the_project_sound():
    result = sapa("check")
    assert result.exit_code == 0, result.output
    assert "1084 observations, 208 targets" in result.output


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


def test_targets_are_told_in_vietnamese_words_and_numbers():
    lines = sapa("--lang", "vi", "targets", "--document", "resolution-2023").output.splitlines()
    [visits] = [line for line in lines if "resolution-2023.09.tourist_arrivals" in line]
    assert "mức của năm" in visits
    assert "3,5 triệu lượt" in visits
    assert not any("at_least" in line or "billion_vnd" in line for line in lines)


def test_targets_gives_every_printed_target_with_value_and_sense():
    targets = json.loads(sapa("targets", "--document", "resolution-2023", "--json").output)
    assert len(targets) == 48
    assert all(target["printed"] and target["sense"] and target["value"] is not None for target in targets)
    growth = targets[0]
    assert (growth["indicator_id"], growth["sense"], growth["value"]) == ("grdp_growth", "more_than", 14.5)


def test_evidence_shows_only_what_was_published_by_the_day_with_sources():
    early = sapa("evidence", "tourist_arrivals", "--as-of", "2023-06-30").output.splitlines()
    assert early[0] == "tourist_arrivals, sa_pa: 27 statements known by 2023-06-30, on 41 pages"
    figures = [line for line in early if re.match(r"e\d{4}  ", line)]
    assert len(figures) == 27
    assert all("<http" in line for line in figures)
    assert not [
        line for line in early if "12,707" in line or "3.68 million visits" in line or line.startswith("2024")
    ]
    late = sapa("evidence", "tourist_arrivals").output
    assert "3.68 million visits" in late


def test_evidence_tells_what_is_left_out_what_disagrees_and_what_is_counted_otherwise():
    told = sapa("evidence", "tourist_arrivals").output
    for words in (
        "arrivals-2022-of-the-province: 2022, 4,480,000",
        "2019: 3.2",
        "arrivals-to-2016: count of",
    ):
        assert words in told
    then = sapa("evidence", "tourist_arrivals", "--as-of", "2023-06-30").output
    assert "arrivals-2014-of-the-province" in then
    assert "arrivals-2022-of-the-province" not in then  # its page is of November 2023


@pytest.mark.parametrize("words", [["che", "phủ", "rừng"], ["che phu rung"], ["forest", "cover"]])
def test_evidence_is_found_by_names_in_both_languages(words):
    found = sapa("evidence", *words, "--area", "sa_pa").output
    assert found.startswith("forest_cover (Forest cover), sa_pa: 4\n")
    assert "66.53" in found


def test_evidence_is_found_by_the_id_of_its_row():
    row = sapa("evidence", "537/QĐ-UBND").output.splitlines()[1]
    assert row in sapa("evidence", row[:5]).output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["evidence", "tourist_arival"], "did you mean tourist_arrivals?"),
        (["evidence", "tourist_arrivals", "--area", "sapa"], "did you mean sa_pa?"),
        (["evidence", "tourist_arrivals", "--as-of", "2023-02-30"], '"2023-02-30" is not a date'),
        (["targets", "--document", "resolution-2032"], "did you mean resolution-2023?"),
        (["diff", "2023-01-15", "2023-02-30"], '"2023-02-30" is not a date'),
        (["diff", "2023-01-15", "nowhere"], '"nowhere" is no day'),
        (["briefing", "--as-of", "June"], '"June" is not a date'),
        (
            ["run", "02_trajectory", "-p", "horizon", "31"],
            "horizon: found 31; wanted a whole number, 0 to 30 years",
        ),
        (["run", "02_trajectory", "-p", "horizon", "200"], "horizon: found 200; wanted"),
        (["run", "02_trajectory", "-p", "as_of", "soon"], '"soon" is not a date'),
        (["run", "02_trajectory", "-p", "indicator", "tourist_arival"], "did you mean tourist_arrivals?"),
        (["run", "02_trajectory", "-p", "horizn", "3"], "did you mean horizon?"),
        (["run", "2_trajectory"], "did you mean 02_trajectory?"),
        (["batch", "nowhere.yml"], "nowhere.yml"),
        (["batch", "nowhere.yml", "--dask", "here"], '"here" is no address of a Dask scheduler'),
    ],
)
def test_a_wrong_word_is_one_clear_error_and_nothing_is_written(words, message, tmp_path, monkeypatch):
    out = ["--out", str(tmp_path / "out")] if words[0] in ("run", "batch", "briefing", "diff") else []
    result = sapa(*words, *out)
    assert result.exit_code == 1
    assert message in result.output
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [["run", "04_targets"], ["batch", str(ROOT / "params/batches/core.yml")], ["briefing"]]
)
def test_a_folder_below_a_file_is_one_clear_error(words, tmp_path):
    (tmp_path / "file").write_text("in the way")
    result = sapa(*words, "--out", str(tmp_path / "file" / "below"))
    assert result.exit_code == 1
    assert result.output.startswith("OutputError: ")
    assert "cannot be written" in result.output
    assert len(result.output.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_diff_tells_what_was_published_between_two_days_and_writes_the_tables(tmp_path, lang):
    words = ["diff", "2023-05-15", "2023-06-30", "--quick", "--lang", lang, "--out", str(tmp_path / "out")]
    result = sapa(*words)
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    figures, moved, targets, effects = (
        pd.read_csv(tmp_path / "out" / f"{name}.csv") for name in ("figures", "moved", "targets", "effects")
    )
    assert set(figures["change"]) == {"added"}
    assert figures["new_published"].between("2023-05", "2023-06-30").all()
    assert len([line for line in lines if line.startswith("  + ")]) == len(figures) == 9
    assert all("<http" in line for line in lines if line.startswith("  + "))
    assert [len(table) for table in (moved, targets, effects)] == [0, 0, 0]
    assert {"en": "No series, forecast, chance or word moved.", "vi": "Không chuỗi số liệu"}[
        lang
    ] in result.output


def test_diff_of_a_day_with_itself_says_so():
    assert sapa("diff", "2023-06-30", "2023-06-30").output.splitlines()[1:] == ["no difference"]


@pytest.mark.usefixtures("in_process")
def test_run_prints_the_headline_and_where_the_copy_lies(tmp_path):
    result = sapa(
        "run", "04_targets", "-p", "as_of", "2023-01-15", "-p", "lang", "en", "--out", str(tmp_path)
    )
    assert result.exit_code == 0, result.output
    [copy] = tmp_path.glob("*.ipynb")
    assert result.output.startswith("Of the 48 targets of the resolution 2023: ")
    assert str(copy) in result.output


ROW = {"run": "a-1", "place": 2, "notebook": "02_trajectory", "parameters": {"seed": 3, "lang": "vi"}}
EVENTS = [
    {"event": "planned", "runs": 2, "done": 1},
    {"event": "notice", "message": "runs.jsonl, line 4: it was changed, so it is passed over"},
    {"event": "reused", **ROW, "number": 1, "runs": 2, "status": "ok", "error": "", "seconds": 1.0},
    {"event": "started", **ROW},
    {
        "event": "ended",
        **ROW,
        "number": 2,
        "runs": 2,
        "status": "failed",
        "error": "seed is -1; wanted a whole number, zero or more",
        "seconds": 1.0,
    },
]


@pytest.fixture
def batched(monkeypatch):
    """Let a batch be its events, and a table of two runs of which one failed."""
    given = {}

    def run_batch(file, out, *, on_event, **how):
        given.update(how)
        for event in EVENTS:
            on_event(event)
        return pd.DataFrame({"status": ["ok", "failed"]})

    monkeypatch.setattr("sapa_analysis.runs.run_batch", run_batch)
    return given


def test_a_batch_tells_what_ends_as_it_ends_and_fails_when_a_run_does(batched, tmp_path):
    words = ["--jobs", "2", "--fresh", "--timeout", "9", "--fail-fast", "--out", str(tmp_path)]
    result = sapa("batch", "some.yml", *words)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "1 of 2 runs are done already", "runs.jsonl, line 4: it was changed, so it is passed over",
        "[2/2] 02_trajectory vi", "run 2 failed: seed is -1; wanted a whole number, zero or more", f"1 of 2 runs done; {tmp_path / 'runs.csv'}",
    ]  # fmt: skip
    assert batched == {"jobs": 2, "executor": None, "fresh": True, "timeout": 9.0, "fail_fast": True,
                       "office": "", "allow_internal": False}  # fmt: skip
    assert "lượt chạy 2 hỏng: " in sapa("--lang", "vi", "batch", "some.yml", "--workers", "3").output
    assert batched["jobs"] == 3


@pytest.mark.usefixtures("batched")
def test_a_batch_tells_its_events_as_json(tmp_path):
    result = sapa("batch", "some.yml", "--json", "--out", str(tmp_path))
    assert [json.loads(line) for line in result.output.splitlines()] == EVENTS
    assert result.exit_code == 1


def test_a_batch_stopped_while_it_looks_says_that_nothing_began(monkeypatch):
    def read_batch(file):
        raise KeyboardInterrupt

    monkeypatch.setattr("sapa_analysis.runs.read_batch", read_batch)
    result = sapa("batch", "some.yml", "--explain")
    assert (result.exit_code, result.output) == (130, "stopped before a run began\n")


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt, 130), (Terminated, 143)])
def test_a_stopped_batch_says_that_the_same_command_goes_on(monkeypatch, error, code):
    def run_batch(*_, on_event, **__):
        on_event({"event": "stopped", "done": 3, "runs": 8})
        raise error

    monkeypatch.setattr("sapa_analysis.runs.run_batch", run_batch)
    result = sapa("batch", "some.yml")
    assert result.exit_code == code
    assert result.output == "stopped: 3 of 8 runs are done; the same command makes the others\n"


def test_a_plan_is_told_and_nothing_is_written(tmp_path):
    out, batch = tmp_path / "out", str(ROOT / "params/batches/core.yml")
    counted = "30 runs: 0 done, 30 new, 0 stale, 0 failed before"
    assert sapa("batch", batch, "--dry-run", "--out", str(out)).output == f"{counted}\n"
    told = sapa("batch", batch, "--explain", "--out", str(out)).output.splitlines()
    assert told[0] == "02_trajectory grdp_growth 2023-01-15: it was never run into this folder"
    assert told[30:] == [counted]
    rows = [
        json.loads(line)
        for line in sapa("batch", batch, "--dry-run", "--json", "--out", str(out)).output.splitlines()
    ]
    assert {(row["event"], row["state"]) for row in rows} == {("plan", "new")}
    assert "never run" in sapa("run", "04_targets", "--explain", "--out", str(out)).output
    assert (
        sapa("briefing", "--explain", "--out", str(out))
        .output.splitlines()[-1]
        .startswith("17 runs: 0 done, 17 new")
    )
    assert list(tmp_path.iterdir()) == []


def test_the_help_of_a_batch_shows_a_file_that_can_be_read_and_what_a_status_means(tmp_path):
    output = sapa("batch", "--help").output
    shown = output[output.index("FILE is YAML:") : output.index("Any parameter")]
    file = tmp_path / "shown.yml"
    file.write_text(textwrap.dedent(shown.partition("\n")[2]))
    jobs = read_batch(file, root=ROOT)
    assert len(jobs) == 2 * (8 - 2 + 1)
    for status in ("0 all runs are done", "1 a run failed", "130 stopped by Ctrl-C", "143 by SIGTERM"):
        assert status in output


def test_help_names_every_command():
    output = sapa("--help").output
    for command in ("batch", "briefing", "check", "diff", "evidence", "run", "schema", "targets"):
        assert f"  {command} " in output


def test_help_shows_one_example_a_line():
    lines = [line.strip() for line in sapa("--help").output.splitlines()]
    examples = [line for line in EXAMPLES.splitlines() if line.startswith("sapa ")]
    assert len(examples) == 15
    assert set(examples) <= set(lines)
    helps = [sapa(*words, "--help").output for words in ([], *([name] for name in main.commands))]
    assert not [text for text in helps if re.search(r"\\[a-z]|[\x00-\x09\x0b-\x1f]", text)]


class Console(io.TextIOWrapper):
    """A stream that says of itself that it is a console, or not."""

    def __init__(self, encoding, seen):
        super().__init__(io.BytesIO(), encoding=encoding, newline="")
        self.seen = seen

    def isatty(self):
        return self.seen


@given(
    st.text(),
    st.sampled_from(["cp1252", "cp1258", "cp437", "ascii", "utf-8", "utf-16"]),
    st.booleans(),
    st.sampled_from(["", "cp1252", ":strict"]),
)
def test_every_letter_can_be_written_and_what_can_be_shown_stays(text, encoding, seen, asked):
    stream = Console(encoding, seen)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONIOENCODING", asked)
        show_everything(stream)
    stream.write(text)
    stream.flush()
    assert stream.encoding == (encoding if seen or asked else "utf-8")
    assert stream.buffer.getvalue() == text.encode(stream.encoding, "replace")


def test_a_console_of_a_code_page_shows_every_line(monkeypatch):
    encoding = "cp1258"
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    whole = sapa("evidence", "tourist_arrivals").output
    narrow = CliRunner(charset=encoding).invoke(main, ["evidence", "tourist_arrivals"])
    assert narrow.exit_code == 0
    assert narrow.output == whole.encode(encoding, "replace").decode(encoding)


def written_to(place):
    """Return how the command ends whose output goes to a place, and what it says of it."""
    words = [sys.executable, "-m", "sapa_analysis.cli", "targets"]
    done = subprocess.run(words, cwd=ROOT, stdout=place, stderr=subprocess.PIPE, check=False)
    return done.returncode, done.stderr.decode()


def test_a_reader_who_has_seen_enough_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    assert written_to(writing) == (1, "")
    os.close(writing)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_an_output_that_cannot_be_written_is_one_clear_error():
    with open("/dev/full", "w") as full:
        code, said = written_to(full)
    assert code == 1
    assert said == f"OutputError: the output cannot be written or read: {os.strerror(28)}\n"


@pytest.mark.parametrize(
    ("words", "asked", "said"),
    [
        ((), None, "SapaError: \"tourist_arrival\" is unknown; did you mean tourist_arrivals?"),
        ((), "vi", "Lỗi: \"tourist_arrival\" không có trong danh mục; có phải là tourist_arrivals?"),
        (("--lang", "vi"), "en", "Lỗi: \"tourist_arrival\" không có trong danh mục; có phải là tourist_arrivals?"),
        (("--lang", "vi", "evidence", "--lang", "en"), None, "SapaError: \"tourist_arrival\" is unknown"),
        (("evidence", "--lang", "vi"), None, "Lỗi: \"tourist_arrival\" không có"),
    ],
    ids=["none", "environment", "group", "command", "command alone"],
)  # fmt: skip
def test_an_error_speaks_the_language_asked_for_last(words, asked, said):
    words = words if "evidence" in words else (*words, "evidence")
    result = CliRunner().invoke(main, [*words, "tourist_arrival"], env={"SAPA_LANG": asked})
    assert result.exit_code == 1
    assert result.output.startswith(said)


def test_check_speaks_vietnamese_of_what_is_sound_and_of_what_is_not(project, monkeypatch):
    sound = sapa("--lang", "vi", "check").output
    assert sound.startswith("nên xem lại, chưa phải là lỗi:\n")
    assert "đạt yêu cầu: 1084 số liệu, 208 chỉ tiêu" in sound
    project.change("data/evidence/tourism.csv", 5, unit="people", period="")
    project.replace("params/baseline.yml", "horizon:", "horizn:")
    monkeypatch.chdir(project.root)
    assert sapa("--lang", "vi", "check").output == (
        'Lỗi: data/evidence/tourism.csv có 2 lỗi\n'
        '  dòng 5, cột period: "" không hợp với freq A; ghi YYYY\n'
        '  dòng 5, cột unit: "people" không dùng cho community_tourism_arrivals; ghi "visits"\n'
        'params/baseline.yml có 2 lỗi\n'
        '  horizon: còn thiếu\n'
        '  dòng 11, horizn: không có tên này; có phải là horizon?\n'
    )  # fmt: skip


def test_a_notebook_that_refuses_its_parameters_does_so_in_the_language_asked_for():
    result = sapa(
        "--lang", "vi", "run", "02_trajectory", "-p", "horizon", "31", "-p", "indicator", "grdp_grow"
    )
    assert result.output == (
        "Lỗi tham số: tham số có 2 lỗi\n"
        "  horizon: thấy 31; cần số nguyên, 0 đến 30 năm\n"
        '  indicator: "grdp_grow" không có trong danh mục; có phải là grdp_growth?\n'
    )


@pytest.mark.parametrize(("lang", "said"), [("en", "stopped\n"), ("vi", "đã dừng\n")])
@pytest.mark.parametrize("words", [["batch", "x.yml"], ["briefing"], ["run", "04_targets"], ["check"]])
def test_a_stop_before_a_command_has_begun_has_the_status_of_a_stop(monkeypatch, lang, said, words):
    def stop(*_, **__):
        raise KeyboardInterrupt

    command = main.commands[words[0]]
    monkeypatch.setattr(command, "callback", stop)
    result = CliRunner().invoke(main, ["--lang", lang, *words])
    assert (result.exit_code, result.stderr) == (130, said)
