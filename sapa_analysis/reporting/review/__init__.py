"""The review of a term: its parts, composed from the results as one paper."""
