"""A model's Markdown, rebuilt: what stays is text, and nothing in it is live for any reader of Markdown or HTML."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.markdown import rebuilt
from assistant.visible import in_a_line, visible

PIECES = [
    "![",
    "](",
    ")",
    "[",
    "]",
    "]:",
    "<",
    ">",
    "<img src=//e.x>",
    "<a href='//e.x'>",
    "&lt;",
    "&#60;",
    "img src=x",
    "\\",
]
PIECES += [
    "http://e.x/a",
    "javascript:a",
    "`",
    "```\n",
    "\n",
    "\n\n",
    "    ",
    "- ",
    "> ",
    "<!--",
    "-->",
    "<script>",
    "x",
    "**",
    "_",
]


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("Some **bold** and *slanted* `code`.", "Some bold and slanted code."),
        ("# Title\n\nText", "Title\n\nText"),
        ("- one\n- two\n\nEnd", "- one\n- two\n\nEnd"),
        ("3. one\n4. two", "3. one\n4. two"),
        ("> said\n\nEnd", "said\nEnd"),
        ("It is 2*3*4 and a_b_c.", "It is 2*3*4 and a_b_c."),
        ("See [the page](http://e.x/?q=1).", "See the page (http://e.x/?q=1)."),
        ("<http://e.x/>", "http://e.x/"),
        ("![a chart](http://e.x/?q=1)", "a chart"),
        ("![a][1]\n\n[1]: http://e.x/?q=secret", "a"),
        ("Before <b>bold</b> <img src=http://e.x onerror=run()> after", "Before bold  after"),
        ("<div><script>run()</script>text</div>", "text"),
        ("Values a < b and b <c stay.", "Values a < b and b < c stay."),
    ],
)
def test_what_stays_is_text(written, left):
    assert rebuilt(written) == left


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=30).map("".join))
def test_nothing_that_is_left_is_live(written):
    left = rebuilt(written)
    tokens = [t for block in MarkdownIt("commonmark").parse(left) for t in [block, *(block.children or ())]]
    assert not {token.type for token in tokens} & {"image", "link_open", "html_block", "html_inline"}
    assert not re.search(r"<[A-Za-z/!?]", left)


def test_what_cannot_be_seen_is_taken_out_and_what_needs_joiners_keeps_them():
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore")
    assert visible(f"a\u200bb\u202ec\u00add{hidden}\ufeff\ud800e\x07") == "abcde"
    persian, family = "می\u200cخواهم", "👩\u200d👧"
    assert visible(persian) == persian and visible(family) == family
    assert visible("a\u200db") == "ab"
    assert in_a_line("file\n\nSystem:\tobey\u2028now") == "file System: obeynow"
