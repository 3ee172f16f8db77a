"""Settings of Sphinx; the pages are written by `python docs/site`, nothing is fetched."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from site_look import DARK, LIGHT, add_mathml, mend_page
from site_refs import resolve_annotation, see_door

from sapa_analysis import __version__

project = "Sa Pa policy notebooks"
author = "The sapa-analysis team"
copyright = author
version = release = __version__
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb", ".rst": "restructuredtext"}
nitpicky = True
templates_path: list[str] = []

# Notebooks are executed by the project's own runner before, so that a run that fails fails the build.
nb_execution_mode = "off"
nb_merge_streams = True
nb_code_prompt_show, nb_code_prompt_hide = "Show the code", "Hide the code"
myst_heading_anchors = 4

# The types of a docstring are words for people, not names: they stand as they are written.
napoleon_use_param = napoleon_use_rtype = False
napoleon_custom_sections = [("Attributes", "params_style")]
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
python_display_short_literal_types = True
default_role = "door"
add_module_names = False
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = project
html_static_path = [str(Path(__file__).parent / "static")]
html_favicon = str(Path(__file__).parent / "static/icon.svg")
html_css_files, html_js_files = ["site.css"], ["site.js"]
html_math_renderer = "mathml"
html_copy_source = html_show_sourcelink = False
html_theme_options = {"light_css_variables": LIGHT, "dark_css_variables": DARK, "footer_icons": []}


def setup(app):
    """Add what is our own: links to doors, formulas as MathML, the language of a page."""
    app.add_role("door", see_door)
    app.connect("missing-reference", resolve_annotation)
    app.connect("html-page-context", mend_page, priority=900)  # after the theme
    add_mathml(app)
