"""The coach's vocabulary: the words of all languages at once, since people mix them."""

from __future__ import annotations

from functools import cache

from okr_workbook.domain.checks_register import Phrases, Vocabulary
from okr_workbook.labels import LANGUAGES, area


@cache
def coach_vocabulary() -> Vocabulary:
    """The words by which the coach knows an activity, from every language's `coach.toml`."""
    words = [area(language, "coach") for language in LANGUAGES]
    return Vocabulary(
        tuple(
            Phrases(topic, one["numbers"], tuple(one["phrases"]), one.get("percent_tells", False))
            for language in words
            for topic, one in language["activities"].items()
        ),
        tuple(opener for language in words for opener in language["openers"]),
        tuple(joiner for language in words for joiner in language["joiners"]),
    )
