from dataclasses import replace

from assistant.types import Answer, Citation, Claim, Part, Span
from assistant.window.answers import conversation
from assistant.window.said import DONE, Said
from tests.assistant.window.test_window_rendering import read

WHEN, WHO = "When was it <founded>?", "Who leads it?"
QUOTES = ("It was founded in 1921.", "It is led by Rosa Amberg.")
CITATIONS = tuple(
    Citation(n, "press.md", "abc", 30 * n, 30 * n + len(quote), None, "", "", "", quote)
    for n, quote in enumerate(QUOTES, start=1)
)
PARTS = (Part(WHEN, WHEN, "1921", citations=(1,)), Part(WHO, WHO, "", citations=()))


def claims(*said):
    made, at = [], 0
    for text, numbers, verdict in said:
        made.append(Claim(text, at, at + len(text), numbers, verdict))
        at += len(text) + 1
    return tuple(made)


def shown(answer):
    return conversation((Said("When and who?", answer, DONE),))


def test_the_parts_of_a_quoted_answer_stand_on_lines_of_their_own_with_their_answers_in_bold():
    text = f"{WHEN} {QUOTES[0]} {WHO} {QUOTES[1]}"
    made = claims((WHEN, (), "told"), (QUOTES[0], (1,), "quoted"), (WHO, (), "told"), (QUOTES[1], (2,), "quoted"))
    spans = tuple(replace(part, short=short) for part, short in zip(PARTS, ("1921", "Rosa Amberg"), strict=True))
    page = shown(Answer("?", text, "", made, CITATIONS, (), "answered", 0.9, True, parts=spans))
    assert page.count('<span class="part">') == 2 and '<ul class="parts"' not in page
    assert "<strong>1921</strong>" in page and "<strong>Rosa Amberg</strong>" in page
    assert "?</span><span>It was" in page, "no blank begins the line below a part"


def test_the_parts_of_a_written_answer_are_listed_below_it_with_links_to_their_evidence():
    text = "It dates from 1921."
    parts = (replace(PARTS[0], spans=(Span("press.md", 30, 53),)), PARTS[1])
    answer = Answer("?", text, "", claims((text, (2,), "cited")), CITATIONS, (), "answered", 0.9, True, parts=parts)
    page = shown(answer)
    listed = page[page.index('<ul class="parts"') : page.index("</ul>", page.index('<ul class="parts"'))]
    assert "&lt;founded&gt;" in listed and "<strong>1921</strong>" in listed
    assert read(listed + "</ul>").links == ["#cite-1-1"]
    assert "I could not find this in your documents." in listed


def test_parts_without_any_evidence_are_not_listed():
    text = "It dates from 1921."
    answer = Answer("?", text, "", claims((text, (2,), "cited")), CITATIONS, (), "answered", 0.9, True, parts=PARTS)
    assert '<ul class="parts"' not in shown(answer)
