"""A workbook's parts as bytes and text: read, searched, patched, and packed again. Touches no file."""
