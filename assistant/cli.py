"""The command line: each command is a few lines over the Python API.

Exit status: 0 done or answered, 3 not in the documents, 2 bad input, 1 something failed, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from assistant.account import counted, line
from assistant.assistant import Assistant
from assistant.errors import AssistantError, BadQuestion, BadSetting, NoDocuments
from assistant.evaluation.command import register
from assistant.risk import told as cost_of
from assistant.sample import SAMPLE, add_sample_if_new
from assistant.searching import found, scope_of, scope_options, search_options
from assistant.settings import Settings
from assistant.terminal import CLEAR, NOT_IN, as_json, as_text, cancelled_by_ctrl_c, say, show_progress, stopped_with
from index.errors import BadQuery, LibraryBusy, LibraryError, UnknownDocument, UnknownName
from index.sync import follow
from index.types import Receipt

LIBRARY = "library"
DONE, FAILED, BAD_INPUT, NOT_FOUND, STOPPED = 0, 1, 2, 3, 130
_INPUT = (BadQuestion, BadSetting, NoDocuments, BadQuery, LibraryBusy, UnknownDocument, UnknownName, ValueError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status; what went wrong is one sentence on stderr."""
    given = _parser().parse_args(arguments)
    try:
        status: int = given.run(given)
    except (AssistantError, LibraryError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT if isinstance(error, _INPUT) else FAILED
    except KeyboardInterrupt:
        sys.stderr.write("stopped; nothing that was added is lost\n")
        return STOPPED
    return status


def add(given: argparse.Namespace) -> int:
    """Adds files, folders and web addresses, and prints what became of each; Ctrl-C keeps what is in."""
    receipts: list[Receipt] = []
    told = show_progress if sys.stderr.isatty() else None
    with _open(given) as assistant, cancelled_by_ctrl_c() as cancel:
        for path in given.paths:
            fresh = assistant.add(path, wait=False, progress=told, cancel=cancel)
            receipts += fresh
            if told:
                sys.stderr.write(CLEAR)
            if not given.json:
                say("".join(f"{line(receipt)}\n" for receipt in fresh if receipt.state not in NOT_IN))
        if not given.now and not cancel.is_set():
            assistant.index.wait(told, cancel)
    if given.json:
        say(json.dumps([asdict(receipt) for receipt in receipts], ensure_ascii=False) + "\n")
    refused = [receipt for receipt in receipts if receipt.state == "refused"]
    for receipt in refused:
        sys.stderr.write(f"{receipt.problem}\n")
    if cancel.is_set():
        stopped_with(receipts)
        return STOPPED
    return BAD_INPUT if refused and len(refused) == len(receipts) else DONE


def sync(given: argparse.Namespace) -> int:
    """Keeps the library in step with a folder: adds, replaces and removes; --watch goes on until Ctrl-C."""
    with _open(given) as assistant:
        rounds = follow(assistant.index, given.folder) if given.watch else [assistant.sync(given.folder)]
        for receipts in rounds:
            for receipt in receipts:
                if receipt.state == "refused":
                    sys.stderr.write(f"{receipt.problem}\n")
                elif receipt.state != "unchanged":
                    say(f"{line(receipt)}\n")
            unchanged = sum(receipt.state == "unchanged" for receipt in receipts)
            say(f"{unchanged} unchanged\n" if unchanged else "")
    return DONE


def ask(given: argparse.Namespace) -> int:
    """Answers a question, with the quotations it rests on."""
    with _open(given) as assistant:
        _seed(given, assistant)
        answer = assistant.ask(given.question, within=scope_of(given))
    if given.save_as_case:
        from assistant.evaluation import save_case

        save_case(Path(given.save_as_case), given.question, answer)
    say(json.dumps(as_json(answer), ensure_ascii=False) + "\n" if given.json else as_text(answer))
    return NOT_FOUND if answer.outcome == "not_found" else DONE


def search(given: argparse.Namespace) -> int:
    """Prints the best passages for a question, and with --explain why they were found."""
    with _open(given) as assistant:
        _seed(given, assistant)
        text, there = found(given, assistant)
    say(text)
    return DONE if there else NOT_FOUND


def tag(given: argparse.Namespace) -> int:
    """Gives a document tags in the place of those it had; none takes them away."""
    with _open(given) as assistant:
        assistant.tag(given.source, given.tags)
    return DONE


def documents(given: argparse.Namespace) -> int:
    """Lists the documents of the library; --receipts tells what became of each when it was added."""
    with _open(given) as assistant:
        entries = assistant.documents()
    if given.json:
        say(json.dumps([asdict(entry) for entry in entries], ensure_ascii=False) + "\n")
    if given.receipts and not given.json:
        say("".join(f"{line(entry.receipt)}\n" for entry in entries))
        return DONE
    for entry in entries if not given.json else ():
        pages = f"{entry.pages} pages, " if entry.pages else ""
        state = (
            "ready" if entry.ready == entry.passages else f"ready for words, {entry.ready} of {entry.passages} passages"
        )
        if entry.receipt.state == "damaged":
            say(f"{line(entry.receipt)}\n")
            continue
        say(f"{entry.source}: {pages}{entry.characters:,} characters, {state}\n")
    return DONE


def remove(given: argparse.Namespace) -> int:
    """Takes documents out and erases them from disk."""
    with _open(given) as assistant:
        for source in given.sources:
            assistant.remove(source)
        assistant.wait()
    return DONE


def rescue(given: argparse.Namespace) -> int:
    """Takes over what is whole of a library that a disk has damaged, and reads the rest again from its files."""
    from index.rescue import ASIDE
    from index.rescue import rescue as take_over

    whole = take_over(Path(given.library))
    say(f"{counted(whole, 'document')} taken over; the damaged ledger is kept as {ASIDE} until you delete it\n")
    with _open(given) as assistant:
        again = assistant.index.damaged()
        assistant.wait()
        lost = assistant.index.damaged()
        entries = [entry for entry in assistant.documents() if entry.source in again]
    for entry in entries:
        say(f"{line(entry.receipt)}\n")
    return FAILED if lost else DONE


def reindex(given: argparse.Namespace) -> int:
    """Embeds the whole library anew, with the embedding model that the settings name."""
    with Assistant.open(given.library, Settings(model=None), reindex=True) as assistant:
        assistant.wait(show_progress if sys.stderr.isatty() else None)
    return DONE


def window(given: argparse.Namespace) -> int:
    """Starts the chat window."""
    from assistant.window.serve import main as serve

    return serve(given.library, _settings(given), given.port)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="assistant", description="Ask your documents; every answer shows where it stands."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        made = commands.add_parser(run.__name__, help=run.__doc__, description=run.__doc__)
        made.add_argument("--library", default=LIBRARY, metavar="FOLDER", help="the library's folder (library)")
        made.set_defaults(run=run)
        return made

    made = command(add)
    made.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, or a web address such as https://…")
    made.add_argument(
        "--now", action="store_true", help="return when words can be searched; the rest follows at the next open"
    )
    made.add_argument("--json", action="store_true")
    made = command(sync)
    made.add_argument("folder", metavar="FOLDER")
    made.add_argument("--watch", action="store_true", help="follow the folder until Ctrl-C")
    made = command(ask)
    made.add_argument("question")
    made.add_argument("--model", metavar="NAME", help="a chat model, such as openai:gpt-4o-mini or ollama:qwen3")
    made.add_argument("--model-url", metavar="URL", help="the address of an OpenAI-compatible server")
    scope_options(made)
    made.add_argument("--save-as-case", metavar="FILE", help="append the question and its answer to a question set")
    made.add_argument("--json", action="store_true")
    search_options(command(search))
    made = command(tag)
    made.add_argument("source", metavar="DOCUMENT")
    made.add_argument("tags", nargs="*", metavar="TAG")
    made = command(documents)
    made.add_argument("--receipts", action="store_true", help="print what became of each when it was added")
    made.add_argument("--json", action="store_true")
    command(remove).add_argument("sources", nargs="+", metavar="DOCUMENT")
    command(reindex)
    command(rescue)
    made = command(window)
    made.add_argument("--port", type=int, default=7860)
    made.add_argument("--model", metavar="NAME")
    made.add_argument("--model-url", metavar="URL")
    register(commands)
    return parser


def _open(given: argparse.Namespace) -> Assistant:
    return Assistant.open(given.library, _settings(given))


def _settings(given: argparse.Namespace) -> Settings:
    settings = Settings()
    if settings.most_wrong is not None:
        sys.stderr.write(f"{cost_of(settings.most_wrong)}\n")
    named = {name: getattr(given, name, None) for name in ("model", "model_url")}
    return replace(settings, **{name: value for name, value in named.items() if value})


def _seed(given: argparse.Namespace, assistant: Assistant) -> None:
    """A first question in the default library finds the sample there, as in the window."""
    if given.library == LIBRARY and add_sample_if_new(assistant):
        sys.stderr.write(f"this library is new, so the sample {SAMPLE.name} was added to it\n")
