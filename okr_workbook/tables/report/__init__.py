"""The report: a planner on one page of HTML that needs nothing else. `page.render_report` makes it."""
