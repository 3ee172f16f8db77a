"""Sentences for a reader: every number in them is looked up and tagged, none is typed."""
