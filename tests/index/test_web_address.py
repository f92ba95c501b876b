"""Which web addresses are asked at all: how they are spelled, and where they lie."""

import random
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest

from index.errors import BadAddress, FailedAddress
from index.web.address import is_address, joined, parsed, shown, title
from index.web.public import is_public
from index.web.rules import Rules
from tests.index.served import refused

# Each is refused by its spelling or its number alone: nothing is resolved and nothing connected to.
NEVER = """
http://127.0.0.1/ http://127.0.0.1:80/ https://127.0.0.1/ http://127.1/ http://127.0.1/ http://127.000.000.001/
http://0177.0.0.1/ http://0x7f.1/ http://0x7f000001/ http://0X7F.0.0.1/ http://2130706433/ http://017700000001/
http://127.0.0.1./ http://0/ http://0.0.0.0/ http://0x/ http://1/ http://127.0.0.0x1/ http://00000000177.0.0.1/
http://4294967295/ http://255.255.255.255/ http://256.256.256.256/ http://127.0.0.1.2/ http://example.0x7f/
http://１２７.０.０.１/ http://①②⑦.⓪.⓪.①/ http://127。0。0。1/ http://%31%32%37.0.0.1/ http://127%2e0%2e0%2e1/
http://[::1]/ http://[::]/ http://[0:0:0:0:0:0:0:1]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/
http://[::ffff:0:127.0.0.1]/ http://[::127.0.0.1]/ http://[64:ff9b::127.0.0.1]/ http://[64:ff9b::a00:1]/
http://[64:ff9b:1::7f00:1]/ http://[2002:7f00:1::]/ http://[2002:c0a8:101::1]/ http://[2001:0:7f00:1::]/
http://[2001::ffff:ffff]/ http://[2600:1::5efe:7f00:1]/ http://[2600:1::200:5efe:a00:1]/
http://[fe80::1]/ http://[fe80::1%25eth0]/ http://[fe80::1%eth0]/ http://[fec0::1]/ http://[fc00::1]/
http://[fd00:ec2::254]/ http://[ff02::1]/ http://[100::1]/ http://[2001:db8::1]/ http://[3fff::1]/ http://[5f00::1]/
http://10.0.0.1/ http://172.16.0.1/ http://172.31.255.255/ http://192.168.1.1/ http://169.254.169.254/latest/meta-data/
http://100.64.0.1/ http://100.100.100.200/ http://192.0.0.192/ http://192.0.2.1/ http://198.18.0.1/
http://198.51.100.1/ http://203.0.113.1/ http://224.0.0.1/ http://240.0.0.1/ http://168.63.129.16/
http://user@93.184.216.34/ http://user:secret@93.184.216.34/ http://@93.184.216.34/ http://93.184.216.34@127.0.0.1/
http://93.184.216.34:22/ http://93.184.216.34:8080/ http://93.184.216.34:0/ http://93.184.216.34:99999/
http://93.184.216.34:443443/ http://93.184.216.34:-80/ http://93.184.216.34:８０/ http://93.184.216.34:80:80/
http://93.184.216.34\\@127.0.0.1/ http://93.184.216.34\\.example/ http://93.184.216.34#@127.0.0.1:x/..\\
http:// http:/// http://?q http://#f http://: http://:80/ http://. http://../ http://[]/ http://[/ http://]/ http://[::1/
http://exa_mple..org/ http://ex*mple.org/ http://exam<ple.org/ http://a,b.org/ http://xn--a/ http://-/%zz
ftp://93.184.216.34/ file:///etc/passwd file://localhost/etc/passwd gopher://93.184.216.34/ dict://93.184.216.34/
ws://93.184.216.34/ javascript://93.184.216.34/ jar:http://93.184.216.34/!/ view-source:http://93.184.216.34/
""".split()

# What stands here is a name in the stub's book, and goes on to an address that is allowed or to none.
BY_NAME = {"http://xn--a/", "http://-/%zz"}

SPELLINGS = [
    ("https://Example.ORG", "https://example.org/"),
    ("HTTPS://example.org:443/a?b=c#d", "https://example.org/a?b=c"),
    ("http://example.org:80", "http://example.org/"),
    ("https://example.org./", "https://example.org/"),
    ("  https://example.org/x  ", "https://example.org/x"),
    ("https://bücher.example/straße", "https://xn--bcher-kva.example/stra%C3%9Fe"),
    ("https://example.org/a b?c d", "https://example.org/a%20b?c%20d"),
    ("https://example.org/a%20b", "https://example.org/a%20b"),
    ("https://example.org/a/../b/./c", "https://example.org/b/c"),
    ("https://example.org/../../a/..", "https://example.org/"),
    ("https://example.org/a//b/", "https://example.org/a//b/"),
    ("https://example.org?q=1", "https://example.org/?q=1"),
    ("https://example.org#top", "https://example.org/"),
    ("http://[2606:2800:0220:0001:0:0:0:1]/", "http://[2606:2800:220:1::1]/"),
    ("http://93.184.216.34/", "http://93.184.216.34/"),
    ("http://example.org:8080/", "http://example.org:8080/"),
]


def never(host, port):
    raise AssertionError(f"{host} was looked up")


@pytest.mark.parametrize("address", NEVER)
def test_an_address_that_is_odd_or_private_is_refused_in_one_sentence_before_anything_is_asked(address, tmp_path):
    resolve = (lambda host, port: ["10.0.0.1"]) if address in BY_NAME else never
    refused(BadAddress, address, tmp_path, Rules(resolve=resolve))


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["93.184.216.34", "10.0.0.1"],
        ["10.0.0.1", "93.184.216.34"],
        ["2606:2800:220:1::1", "::1"],
        ["93.184.216.34", "fe80::1%eth0"],
        ["::ffff:127.0.0.1"],
        ["93.184.216.34"] * 9 + ["192.168.0.1"],
        ["2606:2800:220:1::1%eth0"],
    ],
)
def test_a_name_with_any_address_that_is_not_public_is_refused(answers, tmp_path):
    sentence = refused(BadAddress, "https://example.org/", tmp_path, Rules(resolve=lambda host, port: answers))
    assert "private network or on this computer" in sentence


def test_a_name_of_this_computer_is_refused_as_the_system_resolves_it(tmp_path):
    assert "private network or on this computer" in refused(BadAddress, "http://localhost/", tmp_path)


@pytest.mark.parametrize(("answers"), [[], OSError("no such host"), UnicodeError("label too long")])
def test_a_name_that_leads_nowhere_is_told(answers, tmp_path):
    def resolve(host, port):
        if isinstance(answers, Exception):
            raise answers
        return answers

    sentence = refused(FailedAddress, "https://nowhere.example/", tmp_path, Rules(resolve=resolve))
    assert sentence.startswith("https://nowhere.example/ ")


@pytest.mark.parametrize(("given", "one"), SPELLINGS)
def test_each_address_has_one_spelling_which_is_its_own(given, one):
    assert str(parsed(given)) == one
    assert parsed(one) == parsed(given)


def test_an_address_is_told_from_a_file():
    assert all(is_address(text) for text in ("https://a.b", " HTTP://x", "ftp://x", "file:///etc/passwd"))
    assert not any(is_address(text) for text in ("C://x", "a.pdf", "http", "https:/x", "//x", "mailto:a@b", "", 7))


def test_what_a_message_repeats_of_an_address_holds_no_password_and_is_short():
    assert shown("https://ann:secret@example.org/x") == "https://example.org/x"
    assert shown("ftp://ann:se@cret@example.org/") == "ftp://example.org/"
    assert shown("https://example.org/\n\x1b[31m") == "https://example.org/ [31m"
    assert len(shown("https://example.org/" + "x" * 5_000)) < 300


def test_an_address_of_endless_length_is_refused():
    with pytest.raises(BadAddress, match="5,020 characters"):
        parsed("https://example.org/" + "x" * 5_000)


@pytest.mark.parametrize(
    ("location", "to"),
    [
        ("/b", "https://example.org/b"),
        ("c?d", "https://example.org/a/c?d"),
        ("//other.example/", "https://other.example/"),
        ("http://other.example", "http://other.example/"),
        ("?page=2", "https://example.org/a/b?page=2"),
    ],
)
def test_where_an_answer_leads_is_told_from_where_it_came(location, to):
    assert str(joined(parsed("https://example.org/a/b"), location)) == to


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "\\\\other", "http://a\\@b", "http://[", "http:/x", "data:,x"]
)
def test_an_answer_that_leads_to_no_web_address_is_refused(location):
    with pytest.raises(BadAddress):
        joined(parsed("https://example.org/a/b"), location)


def test_a_document_without_a_title_is_called_after_the_last_part_of_its_address():
    assert title("https://example.org/papers/On%20ferries.pdf?x=1") == "On ferries.pdf"
    assert title("https://example.org/docs/") == "docs"
    assert title("https://example.org/") == "example.org"


PUBLIC = (
    "1.1.1.1 8.8.8.8 93.184.216.34 172.15.255.255 172.32.0.1 100.63.255.255 100.128.0.1 2606:4700::1111 2a00:1450::1"
)


@pytest.mark.parametrize("address", [*PUBLIC.split(), "64:ff9b::808:808"])
def test_public_addresses_are_public(address):
    assert is_public(ip_address(address))


def test_nothing_that_python_knows_to_be_special_is_taken_for_public():
    chance = random.Random(4)
    numbers = [chance.getrandbits(32) for _ in range(20_000)]
    for address in map(IPv4Address, numbers):
        assert not (is_public(address) and (not address.is_global or address.is_multicast or address.is_reserved))
    # Mostly inside what was given out, since the rest of the space is refused as a whole.
    heads = [chance.getrandbits(16) for _ in range(5_000)] + [0x2000 + chance.getrandbits(13) for _ in range(20_000)]
    for address in (IPv6Address((head << 112) | chance.getrandbits(112)) for head in heads):
        special = not address.is_global or address.is_multicast or address.is_reserved or address.is_site_local
        assert not (is_public(address) and special)
        assert not (is_public(address) and (address.ipv4_mapped or address.sixtofour or address.teredo))
