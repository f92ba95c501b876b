"""What the window renders: escaped everywhere, word for word, and with its links in place."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from assistant.types import Answer, Citation, Claim
from assistant.window import answers, documents, escape, excerpt, source, welcome
from assistant.window.arriving import Upload
from assistant.window.said import BUSY, DONE, FAILED, STOPPED, Said, history, place, settled
from assistant.window.verdict import GOOD, MISSING, WRONG, Verdict
from index.types import Block, Document, Entry, Found, Hit, Page, Passage, Receipt, Searched

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</mark><script>alert(1)</script>",
    "${alert(1)} ${HOME}",
    "{{constructor.constructor('alert(1)')()}}",
    '" onmouseover="alert(1)" x=\'',
    "`alert(1)`",
    "javascript:alert(1)",
    "invoice\u202efdp.exe",
    "&lt;b&gt; &amp; <b>",
    "\x00\x1b[31mred\x7f",
]
TAGS = set("a article b bdi blockquote button dd details div dl dt h2 h3 h4 header i li mark nav ol p pre q".split())
TAGS |= {"section", "span", "strong", "summary", "ul"}
TAGS |= {"dialog", "label", "path", "svg", "textarea"}
TAGS |= {"br", "fieldset", "form", "input", "legend"}
VOID = {"br", "input"}
ATTRIBUTES = {
    "aria-busy",
    "aria-hidden",
    "aria-label",
    "class",
    "data-key",
    "data-state",
    "dir",
    "href",
    "role",
    "title",
}
ATTRIBUTES |= {"data-again", "data-of"}
ATTRIBUTES |= {"data-around", "data-ask", "data-copy", "data-dismiss", "data-keep", "data-remove", "data-sign"}
ATTRIBUTES |= {"data-cancel", "data-choice", "data-pause", "data-resume", "data-upload"}
ATTRIBUTES |= {"data-choose", "rel", "style", "tabindex", "type"}
ATTRIBUTES |= {
    "aria-describedby",
    "aria-expanded",
    "aria-invalid",
    "aria-live",
    "autocomplete",
    "checked",
    "data-everywhere",
}
ATTRIBUTES |= {"data-tag", "data-times", "data-why", "id", "name", "placeholder", "spellcheck", "value"}
ATTRIBUTES |= {"aria-pressed", "d", "data-turn", "data-verdict", "height", "maxlength", "rows", "viewbox", "width"}


class Reader(HTMLParser):
    """Collects the text, the marked text and the links, and refuses anything that we never write."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.marked, self.links, self.open = "", "", [], []

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS, f"a tag that we never write: {tag}"
        for key, value in attrs:
            assert key in ATTRIBUTES, f"an attribute that we never write: {key}"
            if key == "href":
                assert re.fullmatch(r"#(cite|hit|found|expected)-\d+-\d+", value)
                self.links.append(value)
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data
        self.marked += data if "mark" in self.open else ""


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def cited(quote: str, name: str = "report.pdf", number: int = 1, start: int = 0) -> Citation:
    return Citation(
        number, name, "abc", start, start + len(quote), 3, "iii", "Book › Part › Strikes", "page iii", quote
    )


def answer(text: str, name: str = "report.pdf", short: str = "") -> Answer:
    claims, citations = (Claim(text, 0, len(text), (1,), "quoted"),), (cited(text, name),)
    return Answer(text, text, short, claims, citations, (), "answered", 0.9, True, Searched(5, 5, 5), "done", 0.24)


def missed(text: str, name: str = "report.pdf") -> Answer:
    hits = tuple(hit(text, name, number) for number in range(5))
    return Answer(text, hits=hits, complete=True, stage="done", seconds=0.1, searched=Searched(9, 4, 9), notes=(text,))


def hit(text: str, name: str, number: int) -> Hit:
    return Hit(Passage(str(number), name, text, 0, len(text), 2, text), 1.0, {"words": Found(1, 1.0)})


def entry(name: str, ready: int = 7, problem: str = "") -> Entry:
    receipt = Receipt(name, "added", 2, 1204, 7, {name: 12}, (name,), problem, 0.5)
    return Entry(name, name + "!", "abc", "text/plain", 2, 1204, 7, ready, "2026-11-23", receipt)


def told(entry: Entry, **said) -> Entry:
    return replace(entry, receipt=replace(entry.receipt, **said))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_becomes_markup_anywhere(text):
    said = tuple(Said(text, made, DONE) for made in (answer(text, text, text), missed(text, text)))
    pages = [
        answers.conversation((*said, Said(text, Answer(text)), Said(text, Answer(text), FAILED, text))),
        answers.conversation(said, {1: Verdict(GOOD, text), 2: Verdict(problem=text)}),
        documents.documents([entry(text), entry(text, 3, text)], {text: Upload(text, text)}),
        documents.documents(
            [], {text: Upload(text, note=text), "2": Upload(text), text + "3": Upload(text, stage=text)}
        ),
        documents.documents(
            [told(entry(text), same_as=text, missing=(text,))], {text: Upload(text, taken=entry(text))}
        ),
        welcome.welcome([entry(text)]),
        source.alone(place(said, "#cite-1-1"), text),
        source.opened(place(said, "#cite-1-1"), document(text, name=text)),
        source.opened(place(said, "#hit-2-3"), replace(document(text, name=text), also=(text,))),
    ]
    for page in pages:
        read(page)


@pytest.mark.parametrize("text", HOSTILE[:8])
def test_text_is_shown_to_the_letter(text):
    assert html.unescape(re.sub(r"<[^>]*>", "", escape.escape(text))) == text


def test_hidden_characters_are_named_and_keep_to_themselves():
    shown = escape.escape("invoice\u202efdp.exe\x00")
    assert 'data-sign="U+202E"' in shown and "<bdi" in shown
    assert 'data-sign="U+0000"' in shown and "\x00" not in shown
    assert escape.attribute("a\u202eb\ud800") == "a�b�"


def test_an_error_becomes_a_sentence_and_a_file_name_keeps_its_letters():
    assert escape.sentence("the file is empty") == "The file is empty."
    assert escape.sentence("data.bin is of no known format") == "data.bin is of no known format."


def test_what_is_said_is_said_once():
    assert escape.joined("page 3", "", "page 3", "Strikes") == "page 3 · Strikes"
    assert escape.trail("Book › Part › Strikes") == "… › Part › Strikes"


def test_the_short_answer_is_bold_where_it_stands_as_words_of_its_own():
    page = answers.conversation((Said("?", answer("In 1976 some 76 people came.", short="76"), DONE),))
    assert "In 1976 some <strong>76</strong> people came." in page


def test_the_short_answer_is_found_across_a_line_break():
    assert "<strong>Alvin\nHolsey</strong>" in answers.conversation(
        (Said("?", answer("Admiral Alvin\nHolsey left.", short="Alvin Holsey"), DONE),)
    )


def test_sources_that_disagree_have_their_values_in_bold_both():
    label, one, two = "b.md says otherwise:", "At least 15 people came.", "At least 12 people came."
    text = f"{one}\n{label} {two}"
    claims = tuple(
        Claim(each, text.index(each), text.index(each) + len(each), (), verdict)
        for each, verdict in ((one, "quoted"), (label, "told"), (two, "quoted"))
    )
    shown = Answer("How many people came?", text, "15 people", claims, outcome="answered")
    page = answers.conversation((Said("How many people came?", shown, DONE),))
    assert "<strong>15 people</strong>" in page and "<strong>12 people</strong>" in page
    assert '<span class="told">b.md says otherwise:</span>' in page


def test_links_follow_their_sentence_and_name_turn_and_number():
    said = Said("?", answer("So it was."), DONE)
    reader = read(answers.conversation((said, said)))
    assert reader.links == ["#cite-1-1", "#cite-1-1", "#cite-2-1", "#cite-2-1"]
    assert "So it was.\u2060[1]" in reader.text


def test_the_facts_are_in_words():
    reader = read(answers.conversation((Said("?", answer("So it was."), DONE),)))
    assert "1 source · found in report.pdf · 0.2 s" in reader.text
    assert "page iii · Strikes" in reader.text


def test_the_documents_that_were_found_in_are_told_of_all_that_were_looked_in():
    made = replace(answer("So it was."), searched=Searched(5, 5, 5, 3))
    made = replace(made, citations=(*made.citations, replace(made.citations[0], number=2, source="b.md")))
    assert "2 sources · found in 2 of 3 documents" in read(answers.conversation((Said("?", made, DONE),))).text


def test_a_refusal_shows_three_passages_and_what_could_not_be_searched_yet():
    reader = read(answers.conversation((Said("?", missed("Some words."), DONE),)))
    assert "Not in your documents" in reader.text
    assert reader.links == ["#hit-1-1", "#hit-1-2", "#hit-1-3"]
    assert "4 of 9 passages could be searched by meaning so far" in reader.text


def judged(kind: str, made: Answer, **told: str) -> str:
    return answers.conversation((Said("?", made, DONE),), {1: Verdict(kind, **told)})


@pytest.mark.parametrize(("kind", "pressed"), [("", []), (GOOD, ["Good"]), (WRONG, ["Wrong"]), (MISSING, ["Wrong"])])
def test_a_finished_answer_can_be_judged_and_the_verdict_is_pressed(kind, pressed):
    page = judged(kind, answer("So it was."))
    buttons = re.findall(r'aria-label="(Good|Wrong) answer"[^>]* aria-pressed="(\w+)"', page)
    assert [name for name, _ in buttons] == ["Good", "Wrong"]
    assert [name for name, state in buttons if state == "true"] == pressed
    assert 'data-turn="1"' in page and "Copy answer" in page


def test_what_became_of_a_verdict_is_said_under_its_answer():
    assert "Saved to cases.jsonl in my <books>" in read(judged(GOOD, answer("So."), folder="my <books>")).text
    assert "Nothing was saved." in read(judged("", answer("So."), problem="nothing was saved")).text


def test_a_refusal_can_be_wrong_but_not_for_want_of_the_answer():
    assert "Not in my documents" in read(judged("", answer("So."))).text
    page = judged("", missed("Some words."))
    assert "Wrong answer" in page and "Not in my documents" not in page


def test_what_is_no_whole_answer_from_the_documents_is_not_judged():
    greeting = Answer("Hi", "Hello.", outcome="plain", complete=True)
    said = (Said("Hi", greeting, DONE), Said("?", answer("Half."), STOPPED), Said("?", answer("Half."), FAILED, "no"))
    for page in (answers.conversation((each,)) for each in (*said, Said("?", answer("Half."), BUSY))):
        assert "data-verdict" not in page


@pytest.mark.parametrize(
    ("check", "marked"),
    [
        ("", "<span>It rose."),
        ("supported", "<span>It rose."),
        ("partly", '<span class="partly" title="Its sources say this in part only: 4 for &quot;5&quot;">It rose.'),
        ("contradicted", '<span class="unsupported" title="Its sources say otherwise: 4 for &quot;5&quot;">It rose.'),
    ],
)
def test_a_sentence_that_its_sources_do_not_bear_out_says_why(check, marked):
    claims = (Claim("It rose.", 0, 8, (), "cited", check, '4 for "5"'),)
    made = Answer("?", "It rose.", claims=claims, outcome="answered", complete=True)
    assert marked in answers.conversation((Said("?", made, DONE),))


@pytest.mark.parametrize(("verdict", "said"), [("matched", True), ("cited", False)])
def test_a_source_that_was_found_for_a_sentence_is_told_from_one_that_it_named(verdict, said):
    made = Answer("?", "It rose.", claims=(Claim("It rose.", 0, 8, (), verdict),), outcome="answered", complete=True)
    assert ("matched, not cited" in answers.conversation((Said("?", made, DONE),))) is said


def test_an_unsupported_sentence_is_marked():
    text = "Nobody knows."
    made = Answer("?", text, claims=(Claim(text, 0, len(text), (), "unsupported"),), outcome="answered", complete=True)
    assert 'class="unsupported"' in answers.conversation((Said("?", made, DONE),))


def test_a_turn_says_what_it_is_doing_and_how_it_ended():
    reader = read(answers.conversation((Said("?", Answer("?", stage="reading"), BUSY),)))
    assert "Reading what was found…" in reader.text
    assert "You stopped this answer" in answers.conversation((Said("?", answer("Half."), STOPPED),))
    assert "The model is gone." in answers.conversation((Said("?", Answer("?"), FAILED, "the model is gone"),))


def test_history_leaves_out_what_never_came_to_an_end():
    said = (Said("a", answer("A."), DONE), Said("b", Answer("b"), FAILED, "no"), Said("c", Answer("c"), BUSY))
    assert [turn.question for turn in history(said)] == ["a"]
    assert [turn.question for turn in history(settled(said, STOPPED))] == ["a", "c"]


@pytest.mark.parametrize(
    "link", ["", "#cite-0-1", "#cite-1-2", "#cite-9-1", "#hit-1-1", "#cite-1-1x", "cite-1-1", "#x-1-1"]
)
def test_a_link_to_nothing_leads_nowhere(link):
    assert place((Said("?", answer("So it was."), DONE),), link) is None


def document(
    text: str, name: str = "report.pdf", blocks: tuple[Block, ...] = (), pages: tuple[Page, ...] = ()
) -> Document:
    return Document(name, name, text, blocks or (Block(0, len(text)),), pages, "abc", "text/plain")


def at(quote: str, text: str):
    start = text.index(quote)
    made = Answer("?", quote, citations=(cited(quote, start=start), cited(quote, number=2, start=start)))
    return place((Said("?", made, DONE),), "#cite-1-1")


def test_the_quote_is_marked_exactly_and_the_way_on_is_there():
    text = "# Head\n\nBefore it. Exactly <this> & that. After it.\n\nEnd."
    reader = read(source.opened(at("Exactly <this> & that.", text), document(text)))
    assert reader.marked == "Exactly <this> & that."
    assert "1 of 2" in reader.text
    assert reader.links == ["#cite-1-2"]


def test_lines_of_one_paragraph_are_one_paragraph_and_the_quote_is_whole():
    text = "One line and\u0020another line here.\n\nNext."
    blocks = (Block(0, 12), Block(13, 31), Block(33, 38))
    assert len(list(excerpt.stretches(document(text, blocks=blocks), 0, len(text)))) == 2
    page = source.opened(at("line and another", text), document(text, blocks=blocks))
    assert "<mark>line and another</mark>" in page


def test_all_text_of_a_stretch_is_shown_also_where_no_block_is():
    text = "Loose words. A block. More loose words."
    reader = read(source.opened(at("A block.", text), document(text, blocks=(Block(13, 21),))))
    assert "Loose words." in reader.text and "More loose words." in reader.text


def test_a_long_document_is_cut_around_the_quote_with_a_way_to_more():
    text = "a word " * 3000 + "the quote " + "b word " * 3000
    page = source.opened(at("the quote", text), document(text))
    assert len(page) < 9000 and page.count('data-around="12000"') == 2
    assert "Show more" not in source.opened(at("the quote", text), document(text), 1_000_000)


def test_pages_are_told_apart_by_their_printed_labels():
    text = "First page.\n\nSecond page."
    pages = (Page(1, "i", 0, 11), Page(2, "ii", 13, 25))
    reader = read(source.opened(at("First page.", text), document(text, "x.pdf", (Block(0, 11), Block(13, 25)), pages)))
    assert "page ii" in reader.text


def test_a_replaced_document_shows_the_quote_alone_and_says_so():
    reader = read(source.opened(at("Old words.", "Old words."), document("New words.")))
    assert "has changed since" in reader.text and reader.marked == "Old words."


def test_documents_say_how_far_they_are_read_and_what_became_of_them():
    reader = read(documents.documents([entry("a.pdf", 3), entry("b.pdf")], {}))
    assert "2 pages · reading 42%" in reader.text and "2 pages · ready · 1 note" in reader.text
    assert "Left out:a.pdf12" in reader.text and "1,204" in reader.text


def test_a_citation_and_its_source_say_where_else_the_words_stand():
    made = answer("So it was.")
    made = replace(made, citations=(replace(made.citations[0], also=("copy.pdf", "old.pdf")),))
    assert 'also in copy.pdf, old.pdf"' in answers.conversation((Said("?", made, DONE),))
    opened = source.opened(at("So.", "So."), replace(document("So."), also=("copy.pdf",)))
    assert "also in copy.pdf" in read(opened).text
    assert "also in" not in source.opened(at("So.", "So."), document("So."))


def test_a_document_is_in_or_out_and_can_be_tagged():
    made = replace(entry("a\u202efdp.pdf"), tags=("hr", "<b>"))
    page = documents.documents([made], {})
    assert f'class="within" checked value="{escape.handle(made.source)}"' in page
    assert f'data-tag="{escape.handle(made.source)}"' in page and 'value="hr, &lt;b&gt;"' in page
    assert "ready · 1 note · hr, <b>" in read(page).text


def test_a_document_is_not_read_before_all_of_it_is():
    assert documents.read(entry("a.pdf", 7)) == 100
    big = Entry("a", "a", "", "", 0, 0, 1000, 999, "", Receipt("a", "added"))
    assert documents.read(big) == 99


def test_examples_are_offered_for_the_sample_only():
    assert "data-ask" in welcome.welcome([entry("caribbean-intelligence-briefing.md")])
    assert "data-ask" not in welcome.welcome([entry("other.md")])
    assert "Choose files" in welcome.welcome([])
