"""A module that reads in the place of `index.read`, and does what the file's name says first."""

import ctypes
import os
import socket
import sys
import time
from contextlib import suppress
from dataclasses import replace

from index import read as ours
from index.allowance import another_page

kept = []
poisoned = False


def read(path, name):
    if poisoned:
        ctypes.string_at(0)
    deed, _, number = name.partition(".")[0].partition("-")
    act = DEEDS.get(deed)
    told = act(path, int(number or 0)) if act else None
    document = ours.read(path, name)
    return document if told is None else replace(document, text=str(told), blocks=(), pages=())


def pid(path, number):
    return os.getpid()


def segfault(path, number):
    ctypes.string_at(0)


def abort(path, number):
    os.abort()


def leave(path, number):
    sys.exit(0)


def vanish(path, number):
    os._exit(0)


def blunder(path, number):
    return {}["nothing"]


def recurse(path, number):
    return recurse(path, number + 1)


def loop(path, number):
    while True:
        pass


def sleep(path, number):
    path.with_name("pid").write_text(str(os.getpid()))
    time.sleep(number)


def gorge(path, number):
    return len(bytearray(3 << 30))


def grow(path, number):
    kept.append(bytearray(b"x") * (number << 20))
    return os.getpid()


def ramble(path, number):
    return "word " * number


def spill(path, number):
    with path.with_name("spilt").open("wb") as out:
        for _ in range(number):
            out.write(bytes(1 << 20))


def hoard(path, number):
    kept.extend(path.open("rb") for _ in range(number))
    return os.getpid()


def chatter(path, number):
    sys.stdout.write("}{ garbage \x00" * 10_000)
    sys.stdout.flush()
    os.write(1, b"\xff" * 10_000)
    os.write(2, b"\xff" * 10_000)


def scribble(path, number):
    for descriptor in range(3, 64):
        with suppress(OSError):
            os.write(descriptor, b"\xff" * 100)


LIES = (
    b'{"document":1}',
    b"[]",
    b"7",
    b'{"error":[],"characters":0,"grown":0,"open":0}',
    b'{"limit":"patience","characters":0,"grown":0,"open":0}',
    b'{"characters":Infinity,"grown":0,"open":0}',
    b'{"characters":99999999999999,"grown":0,"open":0}',
    b'{"characters":0,"grown":0,"open":0}',
    b"[" * 100_000,
)


def forge(path, number):
    lie = LIES[number]
    for descriptor in range(3, 64):
        with suppress(OSError):
            os.write(descriptor, len(lie).to_bytes(8, "big") + lie + (4).to_bytes(8, "big") + b"null")
    os._exit(0)


def pages(path, number):
    """Works on pages for 0.7 s each, as long as there is time for more."""
    read = 0
    while read < number and another_page():
        began = time.process_time()
        while time.process_time() < began + 0.7:
            pass
        read += 1
    return f"{read} pages"


def naps(path, number):
    slept = 0
    while slept < number and another_page():
        time.sleep(0.7)
        slept += 1
    return f"{slept} pages"


def stall(path, number):
    """Says that it is at work for ever, asked or not."""
    while True:
        for descriptor in range(3, 64):
            with suppress(OSError):
                os.write(descriptor, (17).to_bytes(8, "big") + b'{"working":[0,0]}')
        time.sleep(0.1)


def connect(path, number):
    try:
        with socket.socket() as outward:
            outward.settimeout(1)
            outward.connect(("127.0.0.1", number))
            return "connected"
    except OSError as error:
        return f"refused: {error.strerror}"


def fork(path, number):
    children = []
    for _ in range(number):
        try:
            child = os.fork()
        except OSError as error:
            return f"refused: {error.strerror}"
        if child == 0:
            time.sleep(60)
            os._exit(0)
        children.append(str(child))
    return " ".join(children)


def program(path, number):
    return os.system("true")


def strike(path, number):
    try:
        os.kill(os.getppid(), 9)
    except OSError as error:
        return f"refused: {error.strerror}"


def peek(path, number):
    return sorted(os.environ)


def poison(path, number):
    global poisoned
    poisoned = True
    return os.getpid()


DEEDS = {
    deed.__name__: deed
    for deed in (
        abort, blunder, chatter, connect, forge, fork, gorge, grow, hoard, leave, loop, naps, pages, peek, pid, poison,
        program, ramble, recurse, scribble, segfault, sleep, spill, stall, strike, vanish,
    )
}  # fmt: skip
