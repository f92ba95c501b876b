"""The chat window: three panes, each a Gradio component that shows HTML of ours, and the events between them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import Dependency

from assistant import Assistant
from assistant.window import source, templates
from assistant.window.adding import Adding
from assistant.window.choosing import Choosing
from assistant.window.looking import Looking
from assistant.window.shelf import Shelf
from assistant.window.suggesting import Suggesting
from assistant.window.talk import Talk

HERE = Path(__file__).parent
STYLES = (
    "page.css",
    "documents.css",
    "chat.css",
    "filters.css",
    "writers.css",
    "verdicts.css",
    "why.css",
    "source.css",
    "narrow.css",
)
SCRIPTS = ("draw.js", "uploads.js", "filters.js", "writers.js", "verdicts.js", "why.js", "page.js")
TITLE = "Document assistant"
ASKING = 8  # questions that are answered at the same time
SUGGESTING = 2  # answers for which a next question is sought at the same time
WAITING = 8  # uploads that may wait a moment to see whether a file is in already
POLL = 0.7  # seconds between two looks at the documents while something is being read


def build(assistant: Assistant, adding: Adding, suggesting: Suggesting) -> gr.Blocks:
    """The window over an assistant, to be mounted with `look()`."""
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
        shelf, choosing = Shelf(assistant, adding, suggesting), Choosing(assistant)
        said, visit, uploads = gr.State(()), gr.State({}), gr.State({}, delete_callback=shelf.leave)
        with gr.Row(elem_id="panes"):
            documents = _pane("documents", templates.DOCUMENTS)
            with gr.Column(elem_id="chat"):
                with gr.Column(elem_id="talk"):
                    welcome = _pane("welcome", templates.WELCOME)
                    conversation = _pane("conversation", templates.CONVERSATION)
                    further = _pane("further", templates.FURTHER)
                with gr.Row(elem_id="asking"):
                    filters = _pane("filters", templates.FILTERS)
                    writers = _pane("writers", templates.WRITERS, choosing.first())
                composer = _pane("composer", templates.COMPOSER)
            opened = _pane("source", templates.SOURCE, source.EMPTY)
        gr.HTML(html_template=templates.TABS, elem_id="tabs", js_on_load=None, apply_default_css=False)
        timer = gr.Timer(POLL, active=False)
        talk = Talk(assistant, suggesting)
        asked = _wire_talk(talk, (said, visit), conversation, composer, opened)
        _wire_further(talk, (said, visit), asked, documents, further)
        _wire_looking(Looking(assistant), visit, documents, filters)
        _wire_choosing(choosing, visit, writers)
        _wire_shelf(shelf, page, uploads, documents, welcome, timer)
    return page


def look() -> dict[str, Any]:
    """How the window looks and behaves in the browser, as arguments of `gr.mount_gradio_app`."""
    style, script = (
        "".join((HERE / name).read_text(encoding="utf-8") for name in names) for names in (STYLES, SCRIPTS)
    )
    theme = gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]).set(
        body_background_fill="#f4f3ef", body_background_fill_dark="#16181a"
    )
    return {"theme": theme, "head": f"<style>{style}</style><script>{script}</script>"}


def _pane(name: str, template: str, value: Any = None) -> gr.HTML:
    script = templates.on_load(name)
    return gr.HTML(value, html_template=template, elem_id=name, js_on_load=script, apply_default_css=False)


def _wire_talk(
    talk: Talk, states: tuple[gr.State, gr.State], conversation: gr.HTML, composer: gr.HTML, opened: gr.HTML
) -> Dependency:
    """Gives the event of a question."""
    said, visit = states
    shown = [conversation, said, composer]
    quiet = {"show_progress": "hidden", "api_visibility": "private"}
    asked = composer.submit(talk.ask, [said, visit], shown, concurrency_limit=ASKING, trigger_mode="multiple", **quiet)
    again = conversation.edit(talk.again, [said, visit], shown, concurrency_limit=ASKING, trigger_mode="once", **quiet)
    again.failure(talk.fail, [said, visit], shown, **quiet)
    asked.failure(talk.fail, [said, visit], shown, **quiet)
    composer.stop(talk.stop, visit, None, queue=False, trigger_mode="multiple", **quiet)
    composer.clear(talk.clear, visit, [*shown, opened], concurrency_limit=None, trigger_mode="multiple", **quiet)
    quick = {"concurrency_limit": None, "trigger_mode": "multiple", **quiet}
    for on, doing in (
        (conversation.like, talk.judge),
        (conversation.select, talk.explain),
        (conversation.submit, talk.expect),
    ):
        on(doing, [said, visit], conversation, **quick)
    opened.select(talk.open, [said, visit], opened, concurrency_limit=None, trigger_mode="always_last", **quiet)
    return asked


def _wire_further(
    talk: Talk, states: tuple[gr.State, gr.State], asked: Dependency, documents: gr.HTML, further: gr.HTML
) -> None:
    quiet = {"show_progress": "hidden", "api_visibility": "private", "trigger_mode": "multiple"}
    asked.success(talk.further, list(states), further, concurrency_limit=SUGGESTING, **quiet)
    documents.delete(lambda: "", None, further, queue=False, **quiet)


def _wire_looking(looking: Looking, visit: gr.State, documents: gr.HTML, filters: gr.HTML) -> None:
    quick = {"concurrency_limit": None, "show_progress": "hidden", "api_visibility": "private"}
    documents.change(looking.refresh, visit, filters, trigger_mode="always_last", **quick)
    filters.select(looking.choose, visit, filters, trigger_mode="multiple", **quick)


def _wire_choosing(choosing: Choosing, visit: gr.State, writers: gr.HTML) -> None:
    quick = {"concurrency_limit": None, "show_progress": "hidden", "api_visibility": "private"}
    writers.select(choosing.look, visit, writers, trigger_mode="always_last", **quick)
    writers.submit(choosing.choose, visit, writers, trigger_mode="multiple", **quick)


def _wire_shelf(
    shelf: Shelf, page: gr.Blocks, uploads: gr.State, documents: gr.HTML, welcome: gr.HTML, timer: gr.Timer
) -> None:
    shown = [documents, welcome, timer]
    quiet = {"show_progress": "hidden", "api_visibility": "private"}
    quick = {"concurrency_limit": None, "trigger_mode": "multiple", **quiet}
    page.load(shelf.refresh, uploads, shown, concurrency_limit=None, **quiet)
    timer.tick(shelf.refresh, uploads, shown, concurrency_limit=None, **quiet)
    documents.upload(shelf.add, uploads, shown, concurrency_limit=WAITING, trigger_mode="multiple", **quiet)
    for on, doing in (
        (documents.submit, shelf.fetch),
        (documents.stop, shelf.cancel),
        (documents.select, shelf.answer),
        (documents.delete, shelf.remove),
        (documents.edit, shelf.tag),
        (documents.clear, shelf.dismiss),
        (documents.pause, shelf.pause),
        (documents.play, shelf.resume),
    ):
        on(doing, uploads, shown, **quick)
