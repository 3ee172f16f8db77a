"""How Voilà shows a notebook of this project: on this machine only, in our look, asking nothing outside."""

import os
from pathlib import Path

from sapa_analysis.runs import served_notebook

c = get_config()  # noqa: F821
here = Path(__file__).parent
os.environ["JUPYTER_PATH"] = os.pathsep.join([str(here), *filter(None, [os.environ.get("JUPYTER_PATH")])])
c.Voila.ip = "127.0.0.1"
c.VoilaConfiguration.template = "sapa"
c.VoilaConfiguration.prelaunch_hook = lambda asked, notebook, cwd: served_notebook(
    notebook, asked.get_argument("lang", "")
)
# A kernel that dies has lost what was set: the page says so, and none is started in its place.
c.KernelRestarter.restart_limit = 0
