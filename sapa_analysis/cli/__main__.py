"""`python -m sapa_analysis.cli` is `sapa`."""

from . import main

main()
