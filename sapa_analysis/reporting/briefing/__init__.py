"""The briefing: contents made once from the results, then a page and a Word file in each language."""
