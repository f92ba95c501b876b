"""One file, many threads."""

import threading
from pathlib import Path

from index.ledger import Ledger


def opened(path):
    """How many times this process has the file open."""
    return sum(link.resolve() == path for link in Path("/proc/self/fd").iterdir())


def test_threads_that_are_over_leave_no_file_open(tmp_path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.sources()
    before = opened(tmp_path / "ledger.sqlite")
    for _ in range(20):
        thread = threading.Thread(target=ledger.sources)
        thread.start()
        thread.join()
    assert opened(tmp_path / "ledger.sqlite") < before + 5
    ledger.close()
    assert opened(tmp_path / "ledger.sqlite") == 0
