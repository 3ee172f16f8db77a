"""Papers: what is printed, made once from the results; and their writers, which know no analysis."""
