"""A few warm readers, each with a thread of its own that starts it, asks it and ends it."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field

from index.errors import Cancelled, UnreadableFile
from index.fence.limits import MEGABYTE, Held
from index.fence.process import Process, Setting, Told, untold
from index.fence.sentences import CLOSED, cancelled, not_started
from index.fence.spool import Copy
from index.types import Document

FILES = 50
"""Files that a reader is given, so that what a parser leaks stays small; starting another takes 0.3 to 0.4 s, which is
7 ms a file."""

TICK = 0.1
"""Seconds between two looks at whether a file is still wanted."""

PATIENCE = 1.0
"""Seconds that a file waits before it is given a reader beyond the usual number: slow ones are at work then."""

GROWTH = 300 * MEGABYTE
"""Bytes that a reader may have grown by and still be given a file: a third of what it may take for one."""


@dataclass(eq=False, slots=True)
class Job:
    """A copy to be read, under the name that is shown, and in the end what came of it or the error."""

    copy: Copy
    shown: str
    told: Told = untold
    over: threading.Event = field(default_factory=threading.Event)
    done: tuple[Document, Held] | None = None
    error: BaseException | None = None
    wanted: bool = True

    def tell(self, page: int, of: int) -> None:
        """Says how far its reader is, as long as anybody waits for it."""
        if self.wanted:
            self.told(page, of)

    def fail(self, error: BaseException) -> None:
        """Ends the job with an error."""
        self.error = error
        self.over.set()


class Pool:
    """Readers that are started when there is something to read, and end when there has been nothing for a minute.

    A reader dies with the thread that started it (prctl(2), PR_SET_PDEATHSIG), hence the threads.
    """

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._changed = threading.Condition()
        self._jobs: deque[Job] = deque()
        self._working: dict[Job, Process] = {}
        self._threads: set[threading.Thread] = set()
        self._waiting = 0
        self._closed = False

    def read(
        self, copy: Copy, shown: str, cancel: threading.Event | None = None, told: Told = untold
    ) -> tuple[Document, Held]:
        """The document in the copy, and what held while it was read; raises `UnreadableFile`.

        A file that finds all readers busy for a second is given one of its own, as far as `Setting.most` goes. Where
        `cancel` is set its reader is stopped, and `Cancelled` is raised. `told` is called, from another thread, with
        the page that it is at and how many there are.
        """
        job = Job(copy, shown, told)
        with self._changed:
            if self._closed:
                raise UnreadableFile(CLOSED)
            self._jobs.append(job)
            self._hire(self._setting.size)
            self._changed.notify()
        try:
            self._wait(job, cancel)
        except BaseException:
            self._give_up(job)
            raise
        if job.done is None:
            raise job.error or UnreadableFile(CLOSED)
        return job.done

    def close(self) -> None:
        """Ends all readers, those at work included, and returns when they are gone."""
        with self._changed:
            self._closed = True
            while self._jobs:
                self._jobs.popleft().fail(UnreadableFile(CLOSED))
            for process in self._working.values():
                process.stop()
            threads = list(self._threads)
            self._changed.notify_all()
        for thread in threads:
            thread.join()

    def _wait(self, job: Job, cancel: threading.Event | None) -> None:
        began = time.monotonic()
        while not job.over.wait(TICK):
            if cancel is not None and cancel.is_set():
                raise Cancelled(cancelled(job.shown))
            if time.monotonic() > began + PATIENCE:
                with self._changed:
                    if job in self._jobs:
                        self._hire(self._setting.most)

    def _hire(self, most: int) -> None:
        """Starts a thread where more jobs wait than threads do, and there are fewer than so many."""
        if len(self._jobs) > self._waiting and len(self._threads) < most:
            thread = threading.Thread(target=self._run, name="reader", daemon=True)
            self._threads.add(thread)
            thread.start()

    def _give_up(self, job: Job) -> None:
        """Stops the work on a job that nobody waits for any more."""
        with self._changed:
            job.wanted = False
            if job in self._jobs:
                self._jobs.remove(job)
            elif job in self._working:
                self._working[job].stop()

    def _run(self) -> None:
        process: Process | None = None
        try:
            while not self._closed:
                job = self._next(None if process is None else self._setting.idle)
                if job is not None:
                    process = self._work(job, process)
                elif process is not None:
                    process.end()
                    process = None
        finally:
            with self._changed:
                self._threads.discard(threading.current_thread())
            if process is not None:
                process.end()

    def _next(self, patience: float | None) -> Job | None:
        """The next job, or None where there was none for so many seconds or there will be no more."""
        with self._changed:
            self._waiting += 1
            self._changed.wait_for(lambda: self._jobs or self._closed, patience)
            self._waiting -= 1
            return self._jobs.popleft() if self._jobs else None

    def _work(self, job: Job, process: Process | None) -> Process | None:
        """Does a job, and returns the reader for the next one."""
        try:
            process = process if process is not None and process.alive else self._other(process)
            try:
                job.done = self._ask(job, process)
            except UnreadableFile:
                if not process.doubtful or process.files < 2:
                    raise
                # What was read before may have harmed the reader: the file is given a fresh one.
                process = self._other(process)
                job.done = self._ask(job, process)
            job.over.set()
        except UnreadableFile as error:
            job.fail(error)
        except OSError:
            job.fail(UnreadableFile(not_started(job.shown)))
        except BaseException as error:
            job.fail(error)
            raise
        return self._after(process)

    def _ask(self, job: Job, process: Process) -> tuple[Document, Held]:
        with self._changed:
            if self._closed or not job.wanted:
                raise UnreadableFile(CLOSED)
            self._working[job] = process
        try:
            held = process.ready(job.shown)
            return process.read(job.copy, job.shown, job.tell), held
        finally:
            with self._changed:
                del self._working[job]

    def _other(self, process: Process | None) -> Process:
        if process is not None:
            process.end()
        return Process(self._setting)

    def _worn(self, process: Process) -> bool:
        full = process.grown > GROWTH or process.open > self._setting.limits.files // 2
        return full or process.doubtful or process.files >= FILES

    def _after(self, process: Process | None) -> Process | None:
        """The reader for the next file: this one while it is good, and else another, which gets ready meanwhile."""
        if process is not None and process.alive and not self._worn(process):
            return process
        try:
            return None if self._closed else self._other(process)
        except OSError:
            return None
