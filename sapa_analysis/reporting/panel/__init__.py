"""The panel of a notebook: levers, and what they change. It alone knows ipywidgets."""
