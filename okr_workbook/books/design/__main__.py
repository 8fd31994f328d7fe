"""`python -m okr_workbook.books.design`: rebuild the templates of a checkout."""

from __future__ import annotations

from okr_workbook.books.design.build import build_planner
from okr_workbook.books.templates import template_path
from okr_workbook.labels import LANGUAGES

for _language in LANGUAGES:
    build_planner(template_path(_language), _language)
