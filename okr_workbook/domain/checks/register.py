"""What a check is and how it joins the coach: one function with `@check`, its words in the labels under its code."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from okr_workbook.domain.planner import KeyResult, Objective, Planner, key_of
from okr_workbook.domain.problems import Problem, Severity
from okr_workbook.domain.references import Ids, Row, fault_at
from okr_workbook.domain.results import KeyResultScore, Scores
from okr_workbook.domain.wording import NO_WORDS, NumberWords
from okr_workbook.records import NamedTuple

METHOD = "okr_workbook’s own rule"
DOERR = "John Doerr, Measure What Matters (2018)"
REWORK = "Google re:Work, Set goals with OKRs"
WODTKE = "Christina Wodtke, Radical Focus (2nd ed. 2021)"
GROVE = "Andrew Grove, High Output Management (1983)"
NIVEN = "Niven & Lamorte, Objectives and Key Results (2016)"
PARMENTER = "David Parmenter, Key Performance Indicators (4th ed. 2019)"
SMART = "George Doran, There's a S.M.A.R.T. way to write management's goals (1981)"


class Phrases(NamedTuple):
    """Openings of a key result that tell of an activity, of one topic; `*` stands for up to four words.

    A text with `amounts` amounts or more is a result all the same ("Improve the rating from 3 to 4"), and where
    `value_tells` so is one with a share, money or a limit ("Deliver 95 % of orders on time", "Deliver within 2 days").
    """

    topic: str
    amounts: int
    phrases: tuple[str, ...]
    value_tells: bool = False


class Vocabulary(NamedTuple):
    """Words of all the planner's languages at once: people mix them.

    Of two phrases that a text opens with the earlier one decides. `openers` may stand before an opening ("we will"),
    `joiners` between two owners ("and").
    """

    activities: tuple[Phrases, ...] = ()
    openers: tuple[str, ...] = ()
    joiners: tuple[str, ...] = ()
    numbers: NumberWords = NO_WORDS


class View(NamedTuple):
    """What a check looks at: the planner, its scores, the date, the words; and the ids, for looking up."""

    planner: Planner
    scores: Scores
    as_of: date
    vocabulary: Vocabulary
    looked_back: bool
    ids: Mapping[str, Ids]
    people: frozenset[str]
    reported: tuple[int | None, ...]
    """For each check-in, the place of its key result."""

    def scored_key_results(self) -> Iterable[tuple[KeyResult, KeyResultScore]]:
        """Each key result with its score."""
        return zip(self.planner.key_results, self.scores.key_results, strict=True)

    def objective_of(self, row: KeyResult) -> Objective | None:
        """The objective a key result names, if there is one."""
        place = self.ids["objectives"].find(row.objective)
        return None if place is None else self.planner.objectives[place]


class Found(NamedTuple):
    """One finding: the row, the field ("" the row as a whole), and what fills the places of its message."""

    row: Row
    field: str
    details: Mapping[str, object] = {}


Finder = Callable[[View], Iterable[Found]]


class Check(NamedTuple):
    """One check as it is listed and run."""

    code: str
    severity: Severity
    table: str
    source: str
    finder: Finder

    @property
    def looks_for(self) -> str:
        """What it looks for, in one English sentence: the first line of its function's docstring."""
        return (self.finder.__doc__ or "").strip().splitlines()[0]

    def run(self, view: View) -> Iterable[Problem]:
        """The problems it finds."""
        for row, field, details in self.finder(view):
            yield fault_at(self.table, row, field, self.code, self.severity, **details)


CHECKS: list[Check] = []


def check(code: str, severity: Severity, table: str, source: str) -> Callable[[Finder], Finder]:
    """Registers a check of one table under a stable code."""

    def register(finder: Finder) -> Finder:
        CHECKS.append(Check(code, severity, table, source, finder))
        return finder

    return register


def view_of(planner: Planner, scores: Scores, as_of: date, vocabulary: Vocabulary, *, looked_back: bool) -> View:
    """The view of a planner, its ids ready for looking up."""
    ids = {
        "teams": Ids(row.team for row in planner.teams),
        "members": Ids(row.member for row in planner.members),
        "objectives": Ids(row.id for row in planner.objectives),
        "key_results": Ids(row.id for row in planner.key_results),
        "kpis": Ids(row.id for row in planner.kpis),
        "measures": Ids(row.measure for row in planner.measures),
        "actions": Ids(row.id for row in planner.actions),
    }
    names = [row.member for row in planner.members] + [row.lead for row in planner.teams]
    people = frozenset(key_of(name) for name in names if name)
    reported = ids["key_results"].find_all(row.key_result for row in planner.check_ins)
    return View(planner, scores, as_of, vocabulary, looked_back, ids, people, reported)
