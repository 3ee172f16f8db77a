"""One page to play with: choices, levers, picture, chances and table, in one file that asks nobody.

The drawing is our own SVG in plain JavaScript: some 200 of 900 lines, 46 kB for the whole script. A chart
library would weigh as much or many times more, would draw fan, marks and labels only with code of ours on
top, does not write Vietnamese numbers, and would bring a licence and updates to keep: it does not earn its
bytes here.
"""
