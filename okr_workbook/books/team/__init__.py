"""A team's workbook in the making: sheets as plain values (`model`), what stands on each, and the writer."""
