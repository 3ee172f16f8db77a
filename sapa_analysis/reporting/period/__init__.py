"""The report of a part of a year: what was carried out, beside the plan and the same months before."""
