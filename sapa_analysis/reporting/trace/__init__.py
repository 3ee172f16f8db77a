"""The way back from a number or judgement on paper to the pages that published what it rests on."""
