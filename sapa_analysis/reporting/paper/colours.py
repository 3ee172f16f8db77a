"""Colours behind cells, the same in Word and Excel.

The worse the outlook, the darker, so that print in black and white tells them apart.
"""

#: By the shade of a cell, as RRGGBB; a shade that is not here has no colour.
FILLS = {
    "likely": "E6F1FA",
    "even": "E9E0C4",
    "unlikely": "F0BC98",
    "plan_only": "F7F7F7",
    "not_assessed": "FFFFFF",
    "head": "E7E6E6",
    "blank": "FFF2CC",
}
