"""The core: records in, scores and problems out. Standard library only; no file, clock, locale, Excel or pandas."""
