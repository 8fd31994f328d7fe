"""The coach's vocabulary: the words of all languages at once, since people mix them."""

from __future__ import annotations

from functools import cache

from okr_workbook.domain.checks.register import Phrases, Vocabulary
from okr_workbook.domain.wording import NumberWords, folded
from okr_workbook.labels import LANGUAGES, area


@cache
def coach_vocabulary() -> Vocabulary:
    """The words by which the coach knows an activity, from every language's `coach.toml`."""
    words = [area(language, "coach") for language in LANGUAGES]
    return Vocabulary(
        tuple(
            Phrases(topic, one["amounts"], tuple(one["phrases"]), one.get("value_tells", False))
            for topic in words[0]["activities"]
            for one in (language["activities"][topic] for language in words)
        ),
        tuple(opener for language in words for opener in language["openers"]),
        tuple(joiner for language in words for joiner in language["joiners"]),
        _number_words([language["numbers"] for language in words]),
    )


def _number_words(languages: list[dict[str, list[str]]]) -> NumberWords:
    """Each list of words in all languages together, folded; the months are those of dates in words."""
    months = [area(language, "tables")["months"] for language in LANGUAGES]
    lists = {name: [word for one in languages for word in one[name]] for name in languages[0]}
    lists["months"] = [word.rstrip(".") for one in months for form in one.values() for word in form]
    return NumberWords(**{name: frozenset(map(folded, words)) for name, words in lists.items()})
