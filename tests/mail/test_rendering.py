from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from okr_workbook.mail.letter import Item, Letter, Section
from okr_workbook.mail.rendering import render_html, render_text

LETTER = Letter(
    "en", "Subject", "Hello Ann,", "", "at_risk", "■ At risk", "Marketing stands at 5%; 50% is expected by now.",
    (
        Section("Act on now", "", (Item("Conversion: this KPI is off track", "Call ten trials (Ann)"),), numbered=True),
        Section("To fill in by 7 October 2026", "Open the attached workbook and fill in the blue cells of each of its pages.",
             (Item("MRR"), Item("New customers of the last three months, in the countries we opened this year", "no value yet"))),
    ),
    ("Questions? Just reply to this message.",),
)  # fmt: skip


def test_text():
    assert (
        render_text(LETTER)
        == """\
Hello Ann,

Marketing stands at 5%; 50% is expected by now.
■ At risk

Act on now
1. Conversion: this KPI is off track
   Call ten trials (Ann)

To fill in by 7 October 2026
Open the attached workbook and fill in the blue cells of each of its pages.
- MRR
- New customers of the last three months, in the countries we opened this
   year
   no value yet

Questions? Just reply to this message.
"""
    )


class Reader(HTMLParser):
    """Reads a page as a mail program would: the tags in order, their attributes, the words."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.open, self.attributes, self.words = [], [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def test_html_says_the_same_words():
    words = " ".join("".join(Reader(render_html(LETTER)).words).split())
    for line in render_text(LETTER).splitlines():
        assert line.strip().removeprefix("1. ").removeprefix("- ") in words


def test_html_is_well_formed_and_loads_nothing():
    page = Reader(render_html(LETTER))
    assert page.open == []
    assert set(page.tags) <= {"html", "head", "meta", "title", "body", "div", "p", "span", "h2", "ol", "ul", "li", "br"}
    assert {name for name, _ in page.attributes} <= {"lang", "charset", "name", "content", "style"}


def test_what_is_late_has_its_symbol_in_colour_and_a_list_of_signs_no_dots():
    items = (Item("■ Conversion: 5%, 50% expected"), Item("● Revenue: no news since 6 Nov"))
    parts = (
        Section("What changed", "", (Item("↑ MRR: 40% → 60%"),), marked=True),
        Section("Act on now", "", items, numbered=True),
    )
    page = render_html(LETTER._replace(parts=parts))
    assert '<span style="color:#B3261E">■</span> Conversion' in page
    assert "● Revenue" in page
    assert page.count("list-style:none") == 1


@given(st.text())
def test_no_text_of_the_planner_becomes_html(text):
    nasty = f'<script>alert(1)</script><img src=x onerror="a">"\'>{text}'
    plain, spoilt = (
        Reader(render_html(LETTER._replace(
            subject=words, greeting=words, opening=words, standing=words, closing=(words,),
            parts=(Section(words, words, (Item(words, words),)),),
        )))
        for words in ("plain", nasty)
    )  # fmt: skip
    assert spoilt.tags == plain.tags
    assert spoilt.attributes == plain.attributes
