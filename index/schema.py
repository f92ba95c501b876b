"""The ledger's tables, as steps from one schema version to the next; a step is never changed once it was released."""

from __future__ import annotations

import sqlite3

from index.errors import LibraryDamaged
from index.sums import check_sum
from index.words import indexed

STEPS = (
    """
    create table facts (name text primary key, value text not null) without rowid;

    create table documents (
        id integer primary key, source text not null unique, title text not null, sha256 text not null,
        media_type text not null, text text not null, blocks text not null, pages text not null, dates text not null,
        tags text not null, dropped text not null, warnings text not null, origin text not null,
        added text not null, receipt text not null
    );

    create table passages (
        row integer primary key, id text not null unique, document integer not null references documents (id),
        start integer not null, "end" integer not null, page integer, heading text not null, context text not null,
        text text not null, key text not null
    );
    create index passages_by_place on passages (document, start);
    create index passages_by_key on passages (key);

    create table vectors (key text primary key, vector blob not null) without rowid;

    create virtual table words using fts5(
        text, context, content='passages', content_rowid='row', tokenize="unicode61 remove_diacritics 2"
    );
    create trigger words_in after insert on passages begin
        insert into words (rowid, text, context) values (new.row, new.text, new.context);
    end;
    create trigger words_out after delete on passages begin
        insert into words (words, rowid, text, context) values ('delete', old.row, old.text, old.context);
    end;
    """,
    # A document stands here once however many names it has; its passages are found under `documents.source`.
    """
    create table names (
        row integer primary key, source text not null unique, document integer not null references documents (id),
        origin text not null, added text not null, receipt text not null, tags text not null default '[]'
    );
    insert into names select id, source, id, origin, added, receipt, '[]' from documents;
    create index names_by_document on names (document);
    create index documents_by_hash on documents (sha256);
    alter table documents drop column origin;
    alter table documents drop column added;
    alter table documents drop column receipt;
    """,
    # Sums by which `examine` tells what a disk has changed; what is older than they are is given them there.
    """
    create table sums (document integer primary key references documents (id) on delete cascade, sum text not null);
    alter table vectors add column sum integer;
    alter table names add column sum integer;
    create trigger names_in after insert on names begin
        update names set sum = check_sum(
            cast(source as blob), cast(document as blob), cast(origin as blob), cast(added as blob),
            cast(receipt as blob), cast(tags as blob)
        ) where row = new.row;
    end;
    create trigger names_changed after update of source, document, origin, added, receipt, tags on names begin
        update names set sum = check_sum(
            cast(source as blob), cast(document as blob), cast(origin as blob), cast(added as blob),
            cast(receipt as blob), cast(tags as blob)
        ) where row = new.row;
    end;
    """,
    # The words are folded by `index.words.indexed`, the same for texts and questions in every script; the view gives
    # the words index its content, so that no text is stored twice.
    """
    drop trigger words_in;
    drop trigger words_out;
    drop table words;
    create view folded as select row, indexed(text) as text, indexed(context) as context from passages;
    create virtual table words using fts5(
        text, context, content='folded', content_rowid='row',
        tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
    );
    create trigger words_in after insert on passages begin
        insert into words (rowid, text, context) values (new.row, indexed(new.text), indexed(new.context));
    end;
    create trigger words_out after delete on passages begin
        insert into words (words, rowid, text, context)
            values ('delete', old.row, indexed(old.text), indexed(old.context));
    end;
    insert into words (words) values ('rebuild');
    """,
    # `indexed` gives stems from here on.
    """
    insert into words (words) values ('rebuild');
    """,
    # Two threads that stemmed at once could store another word's stem until here.
    """
    insert into words (words) values ('rebuild');
    """,
)


def migrate(connection: sqlite3.Connection) -> None:
    """Brings a ledger to the newest schema, each step in a transaction of its own.

    Raises `LibraryDamaged` where a newer version of this program wrote it.
    """
    connection.create_function("indexed", 1, indexed, deterministic=True)
    connection.create_function("check_sum", -1, check_sum, deterministic=True)
    version = connection.execute("pragma user_version").fetchone()[0]
    if version > len(STEPS):
        raise LibraryDamaged(
            f"this library was written by a newer version of this program (schema {version}, this one knows "
            f"{len(STEPS)}); update the program, or use another folder"
        )
    for number, step in enumerate(STEPS[version:], start=version + 1):
        connection.executescript(f"begin immediate;\n{step}\npragma user_version = {number};\ncommit;")
