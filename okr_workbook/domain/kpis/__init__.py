"""KPIs: from measures and formulas to values, status and what is known of the data behind them."""
