"""Tables for a reader, in print and in notebooks: every cell is text in the language asked for."""
