"""The command `sapa`. Heavy modules are loaded by the command that needs them."""

from __future__ import annotations

import click

from .. import __version__
from . import data, explorer, office, papers, run, verify, write
from .console import Console

#: `\b` keeps the lines of a paragraph apart.
EXAMPLES = """\b
sapa check                          is every table and parameter sound?
sapa evidence tourist_arrivals      what has been published, by whom?
sapa targets --document congress-2020
sapa diff 2023-01-15 2023-06-30     what was published, and what did it move?
sapa wanted                         which missing figures would help most?
sapa template so_lieu.xlsx          a workbook for the office's own figures
sapa run 02_trajectory -p indicator tourism_revenue
sapa batch params/batches/core.yml  many runs, one row each
sapa briefing                       run the notebooks, write HTML and Word
sapa explorer --lang vi              one page to play with: turn levers, see chances follow
sapa trace "3,2 triệu lượt"         where does a number of the papers come from?
sapa check-doc report.docx          do the numbers of an edited paper still match?
sapa cite --as-of 2023-06-30        how are these forecasts cited? a sentence, and BibTeX
sapa verify build/batches/core       is every file of these runs as it was written?
sapa issue 2026-01-31               append the verdicts of a day to register/
"""


@click.group(
    cls=Console,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--lang", type=click.Choice(["en", "vi"]), default="en", envvar="SAPA_LANG", show_envvar=True)
@click.version_option(__version__, message="sapa %(version)s")
def main(lang: str) -> None:
    """Show published figures, forecasts and verdicts on targets for Sa Pa.

    Run it inside the project's folder, or any folder below it.
    """


for _command in (
    data.check,
    data.evidence,
    data.targets,
    data.diff,
    data.wanted,
    office.template,
    run.run,
    run.batch,
    run.briefing,
    explorer.explorer,
    papers.trace,
    papers.check_doc,
    papers.cite,
    verify.verify,
):
    main.add_command(_command)
for _command in (write.issue, write.schema, write.docs):
    main.add_command(_command)
