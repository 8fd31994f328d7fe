"""How a text is worded: its words for matching, and which of its figures tell how much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.domain.wording import Amount, amounts_in, folded, words_of
from okr_workbook.labels.coach import coach_vocabulary


def amounts(text):
    return amounts_in(text, coach_vocabulary().numbers)


def test_texts_are_matched_without_case_accents_or_kinds_of_apostrophe():
    assert folded(" AMÉLIORER l’Équipe ") == "ameliorer l' equipe"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("– Invest, then wait!", ["invest", "then", "wait"]),
        ("7-day activation", ["7-day", "activation"]),
        ("« Été »", ["ete"]),
    ],
)
def test_words_of_a_text(text, words):
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0), ("no number", 0), ("from 50 000 € to 60,000 €", 2), ("2,5 %", 1), ("10 000,50", 1), ("from 3 to 4", 2),
        ("MRR +20%", 1), ("€10", 1), ("60k€", 1), ("2 M€", 1), ("2 millions d’euros", 1), ("2 millions", 1), ("3x", 1), ("x2", 1),
        ("NPS ≥ 50", 1), ("sous 4 h", 1), ("48h", 1), ("100ms", 1), ("10-15 clients", 1), ("-15 %", 1), ("8/10", 1), ("4.5/5", 1),
        ("2/3 des clients", 1), ("3 releases/mois", 1), ("5€/mois", 1), ("Délai : 4 jours.", 1), ("(12)", 1), ("#1", 1),
        ("2026 €", 1), ("2 026 clients", 1), ("2000 users", 1), ("20 000 clients en 2026", 1),
        ("dix clients", 1), ("vingt-cinq clients", 1), ("cent vingt clients", 1), ("three hundred", 1), ("two percent", 1),
        ("Doubler le CA", 1), ("Halve it", 1), ("de deux à trois", 2), ("Zéro bug", 1),
        ("in 30 days", 1), ("a payback of 12 months", 1), ("à 12 mois", 1),
    ],
)  # fmt: skip
def test_what_tells_how_much(text, count):
    assert len(amounts(text)) == count


@pytest.mark.parametrize(
    "text",
    [
        "Q4", "T4 2026", "by Q4 2026", "in 2026", "d’ici 2026", "fin 2026.", "2026-Q4", "2025-2026", "2026/27", "2026-12-31",
        "31/12/2026", "31/12", "by 31 December", "December 31, 2026", "le 15 juil. 2026", "1er mars", "au 1er mars", "4th quarter",
        "la 2e vague", "2nd half", "H2", "S2 2026", "semaine 12", "week 12",
        "B2B", "v2", "v2.1", "version 2", "ISO 27001", "ISO 9001", "SOC 2", "phase 3", "étape 2", "3D", "5G", "2FA", "R&D2",
        "24/7", "7j/7", "24h/24", "24/24", "1:1s", "1:1", "1-to-1", "7-day activation", "12-month retention", "360°",
        "PostgreSQL 16", "Python 3.12", "at 10:30",
        "in 6 months", "within the next 3 months", "d’ici 6 mois", "en 6 mois", "dans les 3 mois",
        "double-digit growth", "two-factor authentication",
    ],
)  # fmt: skip
def test_figures_that_tell_nothing_of_how_much(text):
    assert amounts(text) == []


@pytest.mark.parametrize(
    ("text", "valued", "limit"),
    [
        ("Deliver 95 % of orders", True, False),
        ("Deliver 95% of orders", True, False),
        ("Réaliser 2 M€ de chiffre d’affaires", True, False),
        ("Faire 10 000 euros", True, False),
        ("2 millions d’euros", True, False),
        ("$5", True, False),
        ("two percent", True, False),
        ("5 pour cent", True, False),
        ("Launch 3 campaigns", False, False),
        ("Deliver within 2 days", False, True),
        ("Livrer en moins de 48 h", False, True),
        ("Répondre sous 4 h", False, True),
        ("Publier au moins 12 articles", False, False),
    ],
)
def test_shares_money_and_limits(text, valued, limit):
    assert amounts(text)[0] == Amount(valued, limit)


@given(st.text(max_size=40))
def test_any_text_has_as_many_amounts_as_words_at_most(text):
    assert len(amounts(text)) <= len(words_of(text))
