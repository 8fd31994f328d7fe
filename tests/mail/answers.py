"""Answers of teams, noted as collecting them does."""

from __future__ import annotations

from okr_workbook.mail.ledger import Ledger, ledger_path


def record_answer(planner_path, answer):
    with Ledger(ledger_path(planner_path)) as ledger:
        ledger.add_answer(answer)
