"""Whole plans as CSV text, of any size, whose scores can be computed by hand from how they are made."""

from __future__ import annotations

from datetime import date, timedelta

START, END, AS_OF = date(2026, 7, 1), date(2026, 12, 31), date(2026, 9, 30)


def table(header, rows):
    return "\n".join([header, *(",".join(str(cell) for cell in row) for row in rows)]) + "\n"


def a_plan(objectives=50, key_results_each=4, kpis=40, months=24, check_ins_each=3):
    """The tables of a plan, by table id, in an order that refers only to what is filled before.

    Key result k of objective o runs from 0 to 100, weighs k + 1, and was last read at (7 o + 13 k) modulo 101.
    Objective 1 is the company's; every other is a team's and serves it. KPI n is a / b over months of 10 + n and 20 + n.
    """
    teams = [f"Team {n}" for n in range(1, 6)]
    every_month = [f"{2025 + m // 12}-{m % 12 + 1:02}" for m in range(months)]
    numbers = [(o, k) for o in range(1, objectives + 1) for k in range(key_results_each)]
    days = [AS_OF - timedelta(days=7 * n) for n in reversed(range(check_ins_each))]
    return {
        "settings": table("name,value", [("company", "Alvéo"), ("period", "2026-H2"), ("as_of", AS_OF)]),
        "teams": table("team,lead,email", [(team, "Ann", f"t{n}@example.com") for n, team in enumerate(teams)]),
        "members": table("member,team", [("Ann", teams[0]), ("Bob", teams[1])]),
        "objectives": table(
            "id,objective,level,team,owner,parent",
            [
                (f"O{o}", f"Objective {o}", "team" if o > 1 else "company", teams[o % 5] if o > 1 else "", "Ann", "O1" if o > 1 else "")
                for o in range(1, objectives + 1)
            ],
        ),
        "kpis": table(
            "id,kpi,formula,unit,direction,target,frequency",
            [(f"k{n}", f"KPI {n}", f"part_{n} / whole_{n}", "%", "higher", 0.5, "quarter") for n in range(kpis)],
        ),
        "measures": table(
            f"measure,aggregate,{','.join(every_month)}",
            [
                (f"{name}_{n}", "sum", *(base + n for _ in every_month))
                for n in range(kpis)
                for name, base in (("part", 10), ("whole", 20))
            ],
        ),
        "key_results": table(
            "id,objective,key_result,owner,kind,unit,start,target,weight",
            [(f"KR{o}.{k}", f"O{o}", f"Result {o}.{k} from 0 to 100", "Bob", "increase", "points", 0, 100, k + 1) for o, k in numbers],
        ),
        "check_ins": table(
            "date,key_result,value,author",
            [
                (day, f"KR{o}.{k}", reading(o, k) if day == days[-1] else 0, "Bob")
                for o, k in numbers
                for day in days
            ],
        ),
    }  # fmt: skip


def reading(objective, key_result):
    """The last value of a key result in `a_plan`."""
    return (7 * objective + 13 * key_result) % 101


def score_of_objective(objective, key_results_each=4):
    """Its score by hand: the weighted mean of its own key results."""
    weights = range(1, key_results_each + 1)
    return sum(w * reading(objective, w - 1) / 100 for w in weights) / sum(weights)
