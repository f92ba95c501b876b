"""One system behind JSON lines: run by the system's own interpreter as `python serve.py NAME FOLDER`.

A request is one line on the standard input, its reply one line on the standard output; whatever a library prints goes
to the standard error. Standard library only: it runs in every peer's environment.

    {"do": "add", "texts": [[source, text], …]}     {"passages": how many it was split into}
    {"do": "load", "path": file}                    the same, read from a file as the system would by default
    {"do": "search", "question": …, "k": …}         {"found": [[source, start, end], …]}, best first
    {"do": "memory"}                                {"peak": bytes}, the most that was resident so far
    {"do": "save"}                                  {} once all is on the disk; the process ends
    {"do": anything else, …}                        what the system's method of that name returns

A file of `peers/` is one system: `open_system(folder)` gives an object with `k`, `add(texts)`, `load(path)`,
`search(question, k)` and `save()`. A found passage is (source, start, end, text); without offsets (start None) the text
is looked for in its source. Opening a folder that was saved before opens what was saved.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import sys
from pathlib import Path

HERE = str(Path(__file__).parent)


def located(text: str, chunk: str) -> tuple[int, int] | None:
    """Where a chunk stands in its text, as offsets; white space may differ, and a cut end does no harm."""
    at = text.find(chunk)
    if at >= 0:
        return at, at + len(chunk)
    words = chunk.split()
    match = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    return match.span() if match else None


def placed(found, texts: dict[str, str]) -> list[list]:
    """The found passages as [source, start, end]; one that cannot be found in its source is -1 to -1."""
    out = []
    for source, start, end, text in found:
        if start is None:
            start, end = located(texts.get(source, ""), text) or (-1, -1)
        out.append([source, start, end])
    return out


def peak() -> int:
    """The most memory that this process had resident so far, in bytes (of its own image, not of its parent's)."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s*(\d+) kB", status.read_text()).group(1)) * 1024
    import resource

    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size if sys.platform == "darwin" else size * 1024


def answered(system, request: dict, texts: dict[str, str]) -> dict:
    """The reply to one request."""
    do = request.pop("do")
    if do == "add":
        texts.update(request["texts"])
        return {"passages": system.add([tuple(pair) for pair in request["texts"]])}
    if do == "load":
        return {"passages": system.load(request["path"])}
    if do == "search":
        return {"found": placed(system.search(request["question"], request["k"]), texts)}
    if do == "memory":
        return {"peak": peak()}
    return getattr(system, do)(**request) or {}


def serve(system, lines, replies) -> None:
    """Answers each line until `save`."""
    texts: dict[str, str] = {}
    replies.write(json.dumps({"k": system.k}) + "\n")
    replies.flush()
    for line in lines:
        request = json.loads(line)
        last = request["do"] == "save"
        replies.write(json.dumps(answered(system, request, texts)) + "\n")
        replies.flush()
        if last:
            return


def main() -> None:
    """Opens the named system on the folder and serves it."""
    name, folder = sys.argv[1:3]
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.path[:] = [part for part in sys.path if part != HERE] + [HERE]
    Path(folder).mkdir(parents=True, exist_ok=True)
    serve(importlib.import_module(f"peers.{name}").open_system(Path(folder)), sys.stdin, replies)
    os._exit(0)


if __name__ == "__main__":
    main()
