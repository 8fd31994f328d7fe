"""KPI formulas: their language, the text parsed to a tree, the tree computed and told to Excel."""
