"""The alignment page: the tree of objectives and key results as rows whose depth is a column."""

from __future__ import annotations

TWIG = "└"
"""What a key result begins with, so that a rule can tell it from an objective."""
