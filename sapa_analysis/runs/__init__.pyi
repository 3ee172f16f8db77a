from .batch import headline_of as headline_of
from .batch import read_batch as read_batch
from .batch import run_batch as run_batch
from .batch import run_briefing as run_briefing
from .docs import docs_pages as docs_pages
from .notebook import run_jobs as run_jobs
from .notebook import run_notebook as run_notebook
from .record import record as record
