"""The arithmetic of documents: whether the numbers they print agree with each other."""
