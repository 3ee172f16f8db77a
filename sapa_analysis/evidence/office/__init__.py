"""The office's own figures: one workbook in Vietnamese, written as a template and read back."""
