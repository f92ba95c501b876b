"""The ledger's vectors, by the hashes of what was embedded."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

import numpy as np

from index.catalogue import ASKS
from index.database import Database
from index.embed import Vectors
from index.places import AMONG
from index.sums import check_sum

LAST = 2**63 - 1
"""The greatest number that a document can have."""


class Keyed:
    """The vectors of a ledger."""

    _database: Database

    def pending(self, limit: int, reached: int | None = None) -> tuple[list[tuple[str, str]], int]:
        """Keys without a vector, with the text to embed: of the newest documents first, at most `limit`.

        With them comes how far it has looked, to go on from there as `reached`. It stops as soon as it has them: of a
        million passages that wait, taking 4,096 read all of them, for 17 s.
        """
        rows = self._database.read(
            "select p.key, p.text, p.document from passages p where p.document <= ? "
            "and not exists (select 1 from vectors v where v.key = p.key) order by p.document desc, p.start limit ?",
            (LAST if reached is None else reached, limit),
        )
        return list({key: text for key, text, _ in rows}.items()), rows[-1][2] if rows else 0

    def put_vectors(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Keeps vectors of shape (len(keys), dimensions); those that no passage uses any more are passed over."""
        blobs = [np.asarray(vector, dtype=np.float32).tobytes() for vector in vectors]
        rows = [(key, blob, check_sum(blob), key) for key, blob in zip(keys, blobs, strict=True)]
        with self._database.writing() as writer:
            writer.executemany(
                "insert or ignore into vectors (key, vector, sum) select ?, ?, ? "
                "where exists (select 1 from passages where key = ?)",
                rows,
            )

    def vectors(self, keys: Collection[str] | None = None) -> tuple[list[str], Vectors]:
        """The vectors of these keys, or all that a passage uses, as (keys, array of shape (len(keys), dimensions))."""
        if keys is None:
            rows = self._database.read("select key, vector from vectors where key in (select key from passages)")
        else:
            rows = self._database.read(
                f"select key, vector from vectors where key in {AMONG}", (json.dumps(list(keys)),)
            )
        if not rows:
            return [], np.zeros((0, 0), dtype=np.float32)
        return [row[0] for row in rows], np.frombuffer(b"".join(row[1] for row in rows), np.float32).reshape(
            len(rows), -1
        )

    def forget_vectors(self) -> None:
        """Throws all vectors away, so that every passage waits to be embedded again."""
        with self._database.writing() as writer:
            writer.execute("delete from vectors")
            writer.execute("delete from facts where name >= ? and name < ?", (ASKS, f"{ASKS}~"))
