"""Hosts: Excel through xlwings, LibreOffice over UNO, custom functions, xlwings Lite. Nothing is imported here."""
