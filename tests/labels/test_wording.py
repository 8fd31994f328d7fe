"""Words that were given up for better ones do not come back: one thing has one name."""

from __future__ import annotations

import re

import pytest

from tests.test_project import AREAS, words

GIVEN_UP = {
    "fr": {
        r"\bplannings?\b": "planificateur",
        r"\bclasseurs? (rendu|revenu|retourné|reçu|recueilli)s?\b": "renvoyé",
        r"(?<!\S)(FILE|DIR|FOLDER)\b": "FICHIER, DOSSIER",
        r"\bcoffre\b": "trousseau",
        r"2026-[QH]\d": "2026-T4, 2026-S2",
        r"date du (relevé|tableau de bord)\b": "date de calcul",
        r"\b0 \((?!aucune chance)": "aucune chance",
    },
    "en": {
        r"(?<=[a-z])'(?=[a-z ])": "’",
        r"\b[Ii]ndicators?\b": "KPI",
        r"\bdearest\b": "most expensive",
        r"\bmay (not )?start Python\b": "can",
        r"\b0 \((?!no chance)[^0-9]": "no chance",
    },
}
"""By language, what is not said any more, and what is said instead."""

KEPT = {"excel.folders_before.returned", "excel.doctor.macros.advice"}
"""The name of a folder that earlier versions made; any workbook that came by e-mail."""

OURS = [area for area in AREAS if area not in ("dashboard", "report", "sheets", "coach", "arguments")]


@pytest.mark.parametrize(
    ("language", "pattern"), [(one, pattern) for one, found in GIVEN_UP.items() for pattern in found]
)
def test_one_thing_has_one_name(language, pattern):
    found = {
        f"{area}.{key}": value
        for area in OURS
        for key, value in words(language, area).items()
        if isinstance(value, str) and re.search(pattern, value) and f"{area}.{key}" not in KEPT
    }
    assert found == {}, GIVEN_UP[language][pattern]
