"""One page to play with: choices, levers, picture, chances and table, in one file that asks nobody.

The drawing is our own SVG in plain JavaScript. A fan, a table and sliders take some 600 lines, 30 kB as they
stand; the smallest chart library that draws bands, marks and labels beside them (uPlot, 50 kB; D3's parts 90;
Vega or Plotly 0.8 to 4 MB) would be more than that before the first line of ours, would not know Vietnamese
numbers, and its own licence and updates would have to be kept.
"""
