"""The library of ready-made KPIs: what each is computed from, and where its definition comes from. Pure records.

Their words (name, meaning, what to do when it goes wrong, labels of measures, units) stand in the labels, area `kpis`.
To add one: a line in KPIS, its new measures in MEASURES, its words in each language. Standard library only.

Units are ids: "%" is a share (0.12 shows as 12 %), "currency" the planner's currency, "times" a multiple, "" (of measures) a
plain number. Every KPI has one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from okr_workbook.domain.formula.language import Node
from okr_workbook.domain.formula.parser import parse
from okr_workbook.domain.planner import Kpi, Measure, Planner, key_of

CATEGORIES = ("saas", "marketing", "sales", "hr", "support", "product", "finance")

BREALEY = "Brealey, Myers, Allen: Principles of Corporate Finance (McGraw-Hill, 13th ed. 2020)"
CLEVELAND = "Brad Cleveland: Contact Center Management on Fast Forward (ICMI Press, 4th ed. 2019)"
DORA = "https://dora.dev/guides/dora-metrics-four-keys/"
FARRIS = "Farris, Bendle, Pfeifer, Reibstein: Marketing Metrics (Pearson, 4th ed. 2020)"
ISO_30414 = "ISO 30414:2018, Guidelines for internal and external human capital reporting"
JORDAN = "Jordan, Vazzana: Cracking the Sales Management Code (McGraw-Hill, 2011)"
LEAN_ANALYTICS = "Croll, Yoskovitz: Lean Analytics (O'Reilly, 2013)"
REICHHELD = "Fred Reichheld, HBR December 2003: https://hbr.org/2003/12/the-one-number-you-need-to-grow"
SKOK = "David Skok, SaaS Metrics 2.0: https://www.forentrepreneurs.com/saas-metrics-2/"


class ReadyMeasure(NamedTuple):
    """A measure of the library: its id, how its months become one figure, its unit."""

    measure: str
    aggregate: str
    unit: str


class ReadyKpi(NamedTuple):
    """A KPI of the library. `source` is where its definition comes from: an address or a book."""

    id: str
    category: str
    formula: str
    unit: str
    direction: str
    frequency: str
    source: str

    @property
    def measures(self) -> tuple[ReadyMeasure, ...]:
        """The measures its formula names, in the order of their first mention."""
        return tuple(_BY_NAME[name] for name in dict.fromkeys(_mentions(parse(self.formula))))


def _mentions(node: Node) -> Iterable[str]:
    if node.kind == "name":
        yield str(node.value)
    for arg in node.args:
        yield from _mentions(arg)


MEASURES: tuple[ReadyMeasure, ...] = (
    ReadyMeasure("mrr_end", "last", "currency"),
    ReadyMeasure("mrr_new", "sum", "currency"),
    ReadyMeasure("mrr_expansion", "sum", "currency"),
    ReadyMeasure("mrr_lost", "sum", "currency"),
    ReadyMeasure("customers_end", "last", "customers"),
    ReadyMeasure("customers_new", "sum", "customers"),
    ReadyMeasure("customers_lost", "sum", "customers"),
    ReadyMeasure("revenue", "sum", "currency"),
    ReadyMeasure("cost_of_sales", "sum", "currency"),
    ReadyMeasure("operating_profit", "sum", "currency"),
    ReadyMeasure("net_burn", "sum", "currency"),
    ReadyMeasure("cash_end", "last", "currency"),
    ReadyMeasure("marketing_spend", "sum", "currency"),
    ReadyMeasure("sales_spend", "sum", "currency"),
    ReadyMeasure("marketing_revenue", "sum", "currency"),
    ReadyMeasure("visitors", "sum", "visitors"),
    ReadyMeasure("visitors_organic", "sum", "visitors"),
    ReadyMeasure("leads", "sum", "leads"),
    ReadyMeasure("trials_started", "sum", "trials"),
    ReadyMeasure("trials_activated", "sum", "trials"),
    ReadyMeasure("paid_new", "sum", "customers"),
    ReadyMeasure("deals_open", "last", "deals"),
    ReadyMeasure("deals_won", "sum", "deals"),
    ReadyMeasure("deals_lost", "sum", "deals"),
    ReadyMeasure("deals_won_value", "sum", "currency"),
    ReadyMeasure("deals_won_days", "sum", "days"),
    ReadyMeasure("pipeline_value", "last", "currency"),
    ReadyMeasure("sales_target", "sum", "currency"),
    ReadyMeasure("headcount_end", "last", "people"),
    ReadyMeasure("leavers", "sum", "people"),
    ReadyMeasure("hires", "sum", "people"),
    ReadyMeasure("hiring_days", "sum", "days"),
    ReadyMeasure("hires_90_days", "sum", "people"),
    ReadyMeasure("hires_kept_90_days", "sum", "people"),
    ReadyMeasure("offers_made", "sum", ""),
    ReadyMeasure("offers_accepted", "sum", ""),
    ReadyMeasure("days_planned", "sum", "days"),
    ReadyMeasure("days_absent", "sum", "days"),
    ReadyMeasure("staff_answers", "sum", "answers"),
    ReadyMeasure("staff_promoters", "sum", "answers"),
    ReadyMeasure("staff_detractors", "sum", "answers"),
    ReadyMeasure("csat_answers", "sum", "answers"),
    ReadyMeasure("csat_satisfied", "sum", "answers"),
    ReadyMeasure("nps_answers", "sum", "answers"),
    ReadyMeasure("nps_promoters", "sum", "answers"),
    ReadyMeasure("nps_detractors", "sum", "answers"),
    ReadyMeasure("tickets_answered", "sum", "tickets"),
    ReadyMeasure("tickets_resolved", "sum", "tickets"),
    ReadyMeasure("tickets_resolved_first", "sum", "tickets"),
    ReadyMeasure("tickets_created", "sum", "tickets"),
    ReadyMeasure("tickets_open", "last", "tickets"),
    ReadyMeasure("response_hours", "sum", "hours"),
    ReadyMeasure("resolution_hours", "sum", "hours"),
    ReadyMeasure("users_daily", "average", "users"),
    ReadyMeasure("users_monthly", "average", "users"),
    ReadyMeasure("users_of_feature", "average", "users"),
    ReadyMeasure("deployments", "sum", "deployments"),
    ReadyMeasure("deployments_failed", "sum", "deployments"),
    ReadyMeasure("changes", "sum", ""),
    ReadyMeasure("change_days", "sum", "days"),
    ReadyMeasure("incidents", "sum", ""),
    ReadyMeasure("incident_hours", "sum", "hours"),
    ReadyMeasure("minutes_promised", "sum", "minutes"),
    ReadyMeasure("minutes_down", "sum", "minutes"),
    ReadyMeasure("receivables_end", "last", "currency"),
    ReadyMeasure("receivables_overdue", "last", "currency"),
    ReadyMeasure("spend_actual", "sum", "currency"),
    ReadyMeasure("spend_budget", "sum", "currency"),
)

KPIS: tuple[ReadyKpi, ...] = (
    # --- recurring revenue ---
    ReadyKpi("mrr", "saas", "mrr_end", "currency", "higher", "month", SKOK),
    ReadyKpi("mrr_growth", "saas", "(mrr_end - PREV(mrr_end)) / PREV(mrr_end)", "%", "higher", "month", SKOK),
    ReadyKpi("net_new_mrr", "saas", "mrr_new + mrr_expansion - mrr_lost", "currency", "higher", "month", SKOK),
    ReadyKpi(
        "revenue_retention", "saas", "(PREV(mrr_end) + mrr_expansion - mrr_lost) / PREV(mrr_end)",
        "%", "higher", "month", SKOK,
    ),
    ReadyKpi(
        "gross_revenue_retention", "saas", "(PREV(mrr_end) - mrr_lost) / PREV(mrr_end)", "%", "higher", "month", SKOK
    ),
    ReadyKpi("customer_churn", "saas", "customers_lost / PREV(customers_end)", "%", "lower", "month", SKOK),
    ReadyKpi("mrr_churn", "saas", "mrr_lost / PREV(mrr_end)", "%", "lower", "month", SKOK),
    ReadyKpi("arpa", "saas", "mrr_end / customers_end", "currency", "higher", "month", SKOK),
    ReadyKpi(
        "quick_ratio", "saas", "(mrr_new + mrr_expansion) / mrr_lost", "times", "higher", "quarter",
        "Mamoon Hamid, The SaaS Quick Ratio (SaaStr Annual, 2015)",
    ),
    ReadyKpi(
        "ltv", "saas",
        "(mrr_end / customers_end) * (revenue - cost_of_sales) / revenue"
        " / (ROLLING(customers_lost, 3) / 3 / PREV(customers_end))",
        "currency", "higher", "month", SKOK,
    ),
    ReadyKpi(
        "ltv_to_cac", "saas",
        "(mrr_end / customers_end) * (revenue - cost_of_sales) / revenue"
        " / (ROLLING(customers_lost, 3) / 3 / PREV(customers_end))"
        " / ((marketing_spend + sales_spend) / customers_new)",
        "times", "higher", "month", SKOK,
    ),
    ReadyKpi(
        "cac_payback", "saas", "(marketing_spend + sales_spend) / (mrr_new * (revenue - cost_of_sales) / revenue)",
        "months", "lower", "quarter", SKOK,
    ),
    ReadyKpi(
        "burn_multiple", "saas", "net_burn / ((mrr_end - PREV(mrr_end)) * 12)", "times", "lower", "quarter",
        "David Sacks, The Burn Multiple (2020)",
    ),
    ReadyKpi(
        "rule_of_40", "saas",
        "ROLLING(revenue, 12) / PREV(ROLLING(revenue, 12), 12) - 1 + ROLLING(operating_profit, 12) / ROLLING(revenue, 12)",
        "%", "higher", "month",
        "Brad Feld, The Rule of 40%: https://www.feld.com/archives/2015/02/rule-40-healthy-saas-company.html",
    ),
    # --- marketing ---
    ReadyKpi("signup_rate", "marketing", "trials_started / visitors", "%", "higher", "month", LEAN_ANALYTICS),
    ReadyKpi("trial_conversion", "marketing", "paid_new / trials_started", "%", "higher", "month", LEAN_ANALYTICS),
    ReadyKpi("cac", "marketing", "(marketing_spend + sales_spend) / customers_new", "currency", "lower", "month", SKOK),
    ReadyKpi("cost_per_lead", "marketing", "marketing_spend / leads", "currency", "lower", "month", FARRIS),
    ReadyKpi("lead_conversion", "marketing", "customers_new / leads", "%", "higher", "month", FARRIS),
    ReadyKpi(
        "marketing_return", "marketing", "(marketing_revenue - marketing_spend) / marketing_spend",
        "%", "higher", "quarter", FARRIS,
    ),
    ReadyKpi("organic_share", "marketing", "visitors_organic / visitors", "%", "higher", "month", FARRIS),
    # --- sales ---
    ReadyKpi("win_rate", "sales", "deals_won / (deals_won + deals_lost)", "%", "higher", "quarter", JORDAN),
    ReadyKpi("average_deal", "sales", "deals_won_value / deals_won", "currency", "higher", "quarter", JORDAN),
    ReadyKpi("sales_cycle", "sales", "deals_won_days / deals_won", "days", "lower", "quarter", JORDAN),
    ReadyKpi("pipeline_coverage", "sales", "pipeline_value / sales_target", "times", "higher", "month", JORDAN),
    ReadyKpi("quota_attainment", "sales", "deals_won_value / sales_target", "%", "higher", "quarter", JORDAN),
    ReadyKpi(
        "sales_velocity", "sales",
        "deals_open * deals_won / (deals_won + deals_lost) * (deals_won_value / deals_won) / (deals_won_days / deals_won)",
        "currency", "higher", "quarter", JORDAN,
    ),
    # --- people ---
    ReadyKpi(
        "enps", "hr", "(staff_promoters - staff_detractors) / staff_answers * 100", "points", "higher", "quarter", REICHHELD
    ),
    ReadyKpi("time_to_hire", "hr", "hiring_days / hires", "days", "lower", "quarter", ISO_30414),
    ReadyKpi("offer_acceptance", "hr", "offers_accepted / offers_made", "%", "higher", "quarter", ISO_30414),
    ReadyKpi(
        "turnover", "hr", "ROLLING(leavers, 12) / AVERAGE(headcount_end, PREV(headcount_end, 11))",
        "%", "lower", "month", ISO_30414,
    ),
    ReadyKpi("absence", "hr", "days_absent / days_planned", "%", "lower", "month", ISO_30414),
    ReadyKpi("new_hire_retention", "hr", "hires_kept_90_days / hires_90_days", "%", "higher", "quarter", ISO_30414),
    ReadyKpi(
        "revenue_per_employee", "hr", "ROLLING(revenue, 12) / headcount_end", "currency", "higher", "month", ISO_30414
    ),
    # --- support ---
    ReadyKpi("csat", "support", "csat_satisfied / csat_answers", "%", "higher", "month", CLEVELAND),
    ReadyKpi("nps", "support", "(nps_promoters - nps_detractors) / nps_answers * 100", "points", "higher", "quarter", REICHHELD),
    ReadyKpi("first_response_time", "support", "response_hours / tickets_answered", "hours", "lower", "month", CLEVELAND),
    ReadyKpi("resolution_time", "support", "resolution_hours / tickets_resolved", "hours", "lower", "month", CLEVELAND),
    ReadyKpi(
        "first_contact_resolution", "support", "tickets_resolved_first / tickets_resolved", "%", "higher", "month",
        "Dixon, Freeman, Toman, HBR July 2010: https://hbr.org/2010/07/stop-trying-to-delight-your-customers",
    ),
    ReadyKpi("ticket_backlog", "support", "tickets_open / tickets_resolved", "months", "lower", "month", CLEVELAND),
    ReadyKpi("tickets_per_customer", "support", "tickets_created / customers_end", "tickets", "lower", "month", CLEVELAND),
    # --- product ---
    ReadyKpi("activation", "product", "trials_activated / trials_started", "%", "higher", "month", LEAN_ANALYTICS),
    ReadyKpi("stickiness", "product", "users_daily / users_monthly", "%", "higher", "month", LEAN_ANALYTICS),
    ReadyKpi("feature_adoption", "product", "users_of_feature / users_monthly", "%", "higher", "month", LEAN_ANALYTICS),
    ReadyKpi("deployment_count", "product", "deployments", "deployments", "higher", "month", DORA),
    ReadyKpi("change_lead_time", "product", "change_days / changes", "days", "lower", "month", DORA),
    ReadyKpi("change_failure_rate", "product", "deployments_failed / deployments", "%", "lower", "month", DORA),
    ReadyKpi("recovery_time", "product", "incident_hours / incidents", "hours", "lower", "quarter", DORA),
    ReadyKpi(
        "uptime", "product", "(minutes_promised - minutes_down) / minutes_promised", "%", "higher", "month",
        "Google, Site Reliability Engineering, appendix A: https://sre.google/sre-book/availability-table/",
    ),
    # --- money ---
    ReadyKpi("gross_margin", "finance", "(revenue - cost_of_sales) / revenue", "%", "higher", "month", BREALEY),
    ReadyKpi("operating_margin", "finance", "operating_profit / revenue", "%", "higher", "quarter", BREALEY),
    ReadyKpi("revenue_growth", "finance", "revenue / PREV(revenue, 12) - 1", "%", "higher", "month", BREALEY),
    ReadyKpi(
        "runway", "finance",
        "IF(ROLLING(net_burn, 3) > 0, MIN(60, cash_end / (ROLLING(net_burn, 3) / 3)), 60)",
        "months", "higher", "month", SKOK,
    ),
    ReadyKpi("dso", "finance", "receivables_end / ROLLING(revenue, 3) * 91", "days", "lower", "month", BREALEY),
    ReadyKpi("overdue_share", "finance", "receivables_overdue / receivables_end", "%", "lower", "month", BREALEY),
    ReadyKpi(
        "budget_gap", "finance", "(spend_actual - spend_budget) / spend_budget", "%", "within", "month", BREALEY
    ),
)  # fmt: skip

_BY_NAME = {measure.measure: measure for measure in MEASURES}
_BY_KEY = {key_of(kpi.id): kpi for kpi in KPIS}


def ready_kpi(kpi_id: str) -> ReadyKpi | None:
    """The KPI of that id, however it is written; None where the library has none."""
    return _BY_KEY.get(key_of(kpi_id)) or _BY_KEY.get(key_of(kpi_id).replace("-", "_").replace(" ", "_"))


def missing_measures(kpi: ReadyKpi, planner: Planner) -> tuple[ReadyMeasure, ...]:
    """The measures a planner still lacks to compute it."""
    known = {key_of(measure.measure) for measure in planner.measures}
    return tuple(measure for measure in kpi.measures if key_of(measure.measure) not in known)


def kpi_row(kpi: ReadyKpi, name: str, unit: str, action: str) -> Kpi:
    """The row of a planner for it, with the words of the planner's language. The target is left to its people."""
    return Kpi(
        kpi.id, kpi=name, formula=kpi.formula, unit=unit, direction=kpi.direction, frequency=kpi.frequency, action=action
    )  # fmt: skip


def measure_row(measure: ReadyMeasure, label: str, unit: str) -> Measure:
    """The row of a planner for one of its measures, without figures yet."""
    return Measure(measure.measure, label=label, unit=unit, aggregate=measure.aggregate)
