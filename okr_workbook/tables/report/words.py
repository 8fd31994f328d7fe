"""The report's words, and the small pieces every part of it is made of."""

from __future__ import annotations

from okr_workbook.labels import Labels
from okr_workbook.tables.report.charts import bar
from okr_workbook.tables.report.markup import Child, Markup, element


class Words:
    """The sentences of the area `report` in one language, and pieces of the page in that language."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels

    def __call__(self, key: str, /, **details: object) -> str:
        """A sentence."""
        return self.labels.text("report", key, **details)

    def field(self, field: str) -> str:
        """What an objective's field is called."""
        return self.labels.field("objectives", field)

    def share(self, share: float | None) -> str:
        """A share in percent, a dash where there is none."""
        return "–" if share is None else self.labels.percent(share)

    def pill(self, status: str, shown: str = "") -> Markup:
        """A status in its colours, with its symbol and word."""
        return element("span", shown or self.labels.status(status), class_=f"pill s-{status}")

    def bar(self, score: float | None, expected: float | None) -> Markup:
        """A bar that tells its figures."""
        return bar(score, expected, self("labels.bar", score=self.share(score), expected=self.share(expected)))

    def section(self, name: str, *content: Child) -> Markup:
        """A part of the page under its heading."""
        return element("section", element("h2", self(f"sections.{name}")), *content)
