"""Where to ask, as the window offers it, says it, and keeps it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from assistant import Assistant, Settings
from assistant.window.choice import Choice, choice_of, offers
from assistant.window.escape import handle
from assistant.window.filters import filters
from assistant.window.looking import Looking, chosen, loosened
from assistant.window.said import DONE
from assistant.window.scoped import in_words, parts, without
from assistant.window.talk import Talk
from index.errors import BadQuery
from index.scope import pages_of
from index.types import Entry, Receipt, Scope, Searched
from tests.assistant.window.test_window_rendering import HOSTILE, read
from tests.stub import WordEmbedder


def entry(source: str, tags: tuple[str, ...] = (), dated: str = "", pages: int = 0) -> Entry:
    return Entry(source, source, "", "", pages, 9, 1, 1, "", Receipt(source, "added"), (), tags, dated)


ENTRIES = [
    entry("hr/old/leave.md", ("policy",), "2019-03-01"),
    entry("hr/handbook.PDF", ("policy", "new"), "2024-06-12T10:00", 40),
    entry("it/backup.md", dated="soon"),
    entry("https://example.org/a/b.html"),
    entry("notes"),
]


def event(**data):
    return SimpleNamespace(_data=data)


def handles(*names: str) -> list[str]:
    return [handle(name) for name in names]


def test_only_what_there_is_is_offered():
    there = offers(ENTRIES, Choice())
    assert there.folders == ("hr", "hr/old", "it")
    assert there.types == ("md", "pdf")
    assert there.tags == ("new", "policy")
    assert there.dated == ("2019-03-01", "2024-06-12") and there.paged
    assert not offers([entry("notes")], Choice()).some


def test_what_is_chosen_is_offered_until_it_is_given_up_though_no_document_has_it_any_more():
    assert offers([], Choice(folders=("hr",), tags=("policy",))).folders == ("hr",)
    assert choice_of(event(folders=handles("hr")), [], Choice(folders=("hr",))).folders == ("hr",)


def test_an_event_chooses_among_what_there_is_and_nothing_else():
    sent = event(
        left_out=handles("notes", "gone"),
        folders=handles("hr", "/etc"),
        types=handles("pdf"),
        tags=["policy", 7, None],
        since=" 2024 ",
        until=3,
        pages="3-7, 12",
    )
    assert choice_of(sent, ENTRIES, Choice()) == Choice(("notes",), ("hr",), ("pdf",), (), "2024", "", "3-7, 12")
    assert choice_of(event(folders="hr", left_out=None), ENTRIES, Choice()) == Choice()
    assert choice_of(SimpleNamespace(_data=None), ENTRIES, Choice()) == Choice()


def test_a_choice_is_a_scope_and_no_choice_is_none():
    sources = tuple(each.source for each in ENTRIES)
    assert Choice().scope(ENTRIES) is None
    assert Choice(left_out=("gone",)).scope(ENTRIES) is None
    assert Choice(left_out=("notes",)).scope(ENTRIES) == Scope(documents=sources[:-1])
    assert Choice(left_out=sources).scope(ENTRIES) == Scope(documents=())
    chosen = Choice((), ("hr",), ("pdf",), ("new",), "2024", "2025-01", "3–7,12")
    assert chosen.scope(ENTRIES) == Scope(None, ("hr",), ("pdf",), ("new",), "2024", "2025-01", ((3, 7), (12, 12)))


def test_what_makes_no_sense_is_told_at_its_own_field():
    wrong = Choice(since="last week", pages="7-3")
    assert sorted(wrong.problems()) == ["pages", "since"]
    page = filters(wrong, offers(ENTRIES, wrong), None, Searched(9, 9, 9, 5), 5)
    text = read(page).text
    assert "The date 'last week' is not understood; 2024, 2024-05 or 2024-05-31 would work." in text
    assert "There are no pages 7 to 3" in text
    assert 'name="since" value="last week"' in page and 'aria-describedby="since-problem"' in page
    assert 'aria-describedby="until-problem"' not in page
    with pytest.raises(BadQuery):
        wrong.scope(ENTRIES)


@pytest.mark.parametrize(("text", "pages"), [("3", ((3, 3),)), ("3-7, 12", ((3, 7), (12, 12))), (" 1 – 2 ", ((1, 2),))])
def test_pages_are_written_as_people_write_them(text, pages):
    assert pages_of(text) == pages


@pytest.mark.parametrize("text", ["", "iv", "3-", "3,,4", "3-4-5", "-3", "9" * 12])
def test_what_are_no_pages_is_said(text):
    with pytest.raises(BadQuery, match="3-7, 12 would work"):
        pages_of(text)


def test_a_scope_is_said_in_a_persons_words():
    scope = Scope(None, ("hr", "it"), ("pdf",), ("new",), "2024", "2025-01", ((3, 7), (12, 12)))
    assert in_words(scope) == "hr/ or it/, PDF files, tagged new, since 2024, until 2025-01, pages 3–7 and 12"
    assert in_words(Scope(("a.md",), pages=((4, 4),))) == "a.md, page 4"
    assert in_words(Scope(("a.md", "b.md"))) == "2 ticked documents"
    assert in_words(Scope(())) == "no document"
    for field in parts(scope):
        assert field not in parts(without(scope, field))


def test_the_control_is_one_quiet_line_until_something_is_chosen():
    there = offers(ENTRIES, Choice())
    quiet = filters(Choice(), there, None, Searched(9, 9, 9, 5), 5)
    assert "Asking in all documents" in read(quiet).text and "data-everywhere" not in quiet and "checked" not in quiet
    assert filters(Choice(), offers([entry("notes")], Choice()), None, Searched(1, 1, 1, 1), 1) == ""
    choice = Choice(folders=("hr",))
    page = filters(choice, there, choice.scope(ENTRIES), Searched(4, 4, 4, 2), 5)
    assert "Asking in hr/ · 2 of 5 documents" in read(page).text and "data-everywhere" in page
    assert page.count(" checked") == 1
    assert "nothing matches" in filters(choice, there, choice.scope(ENTRIES), Searched(0, 0, 0), 5)


def test_fields_that_no_document_has_a_use_for_are_not_there():
    plain = [entry("a/x.md"), entry("b/y.md")]
    page = filters(Choice(), offers(plain, Choice()), None, Searched(2, 2, 2, 2), 2)
    assert "Folders" in page
    assert not any(label in page for label in ("File types", "Tags", "Date", "Pages"))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_becomes_markup_in_the_control(text):
    entries = [entry(f"{text}/a.{text}", (text,)), entry(f"b/{text}.pdf", (text,), text, 3)]
    choice = Choice(("b",), (text,), (text,), (text,), text, text, text)
    page = filters(choice, offers(entries, choice), None, Searched(1, 1, 1, 1), 2)
    page += filters(choice, offers(entries, choice), Scope((text,), (text,), (text,), (text,)), Searched(0, 0, 0), 2)
    assert text not in read(page).links


@pytest.fixture
def assistant(tmp_path):
    settings = Settings(model=None, store="memory")
    with Assistant.open(tmp_path / "library", settings, embedder=WordEmbedder()) as opened:
        opened.add_texts(
            [
                ("hr/leave.txt", "", "Everyone gets 28 days of leave."),
                ("hr/notice.txt", "", "Notice is three months."),
                ("it/leave.md", "", "Laptops leave the house in their bags."),
            ]
        )
        opened.tag("hr/leave.txt", ["policy"])
        yield opened


def last(talk, visit, **data):
    *_, (page, said, composer) = talk.ask((), visit, event(**data))
    return page, said, composer


def test_the_choice_of_an_event_is_where_its_question_is_asked(assistant):
    page, said, _ = last(Talk(assistant), {}, question="How many days of leave?", folders=handles("it"))
    assert said[-1].state == DONE and said[-1].within == Scope(folders=("it",))
    assert {hit.passage.source for hit in said[-1].answer.hits} == {"it/leave.md"}
    assert "Asked in it/ (1 document)" in read(page).text


def test_nothing_in_scope_is_one_sentence_that_says_what_would_help(assistant):
    where = {"folders": handles("hr"), "since": "2031"}
    page, *_ = last(Talk(assistant), {}, question="How many days of leave?", **where)
    text = read(page).text
    assert "Nothing in your documents matches hr/, since 2031; without “since 2031” there are 2 documents." in text
    assert "Not in your documents" not in text and "data-verdict" not in page
    assert 'data-everywhere data-ask="How many days of leave?"' in page
    assert loosened(assistant, Scope(since="2031")) == ""


def test_what_is_not_found_in_a_scope_is_not_said_to_be_in_no_document(assistant):
    page, *_ = last(Talk(assistant), {}, question="What colour is Mars?", folders=handles("hr"))
    assert "Not found where you asked" in page and "Not in your documents" not in page


def test_a_bad_date_loses_neither_the_question_nor_the_choice(assistant):
    visit = {}
    talk = Talk(assistant)
    ((*_, composer),) = talk.ask((), visit, event(question="Leave?", since="soon"))
    assert chosen(visit).since == "soon"
    assert composer["question"] == "Leave?" and "2024-05-31 would work." in composer["hint"]
    ((*_, again),) = talk.ask((), visit, event(question="Leave?", since="soon"))
    assert again != composer, "the page waits for a change"


def test_the_control_follows_what_is_chosen_and_what_there_is(assistant):
    looking, visit = Looking(assistant), {}
    assert "Asking in all documents" in looking.refresh(visit)
    page = looking.choose(visit, event(tags=handles("policy"), left_out=handles("it/leave.md")))
    assert "Asking in 2 ticked documents, tagged policy · 1 of 3 documents" in read(page).text
    assistant.tag("hr/leave.txt", [])
    assert "nothing matches" in looking.refresh(visit)
