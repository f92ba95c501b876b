"""Which internet addresses are public: those of hosts that anybody could ask, and that trust nobody for asking."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

IP = IPv4Address | IPv6Address

# IANA's registry of special-purpose IPv4 addresses (RFC 6890 and its updates): this host, private, shared by a
# carrier's customers, loopback, link-local, private, protocol assignments, documentation, relays, benchmarks,
# multicast and reserved. The last but two is none of them: inside Azure it is the host that hands out secrets.
_NOT_PUBLIC_4 = [
    IPv4Network(network)
    for network in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 "
        "203.0.113.0/24 168.63.129.16/32 224.0.0.0/4 240.0.0.0/4"
    ).split()
]
# All that IANA has given out for hosts, and what of it is not theirs: protocol assignments (Teredo among them),
# documentation, and 6to4, whose addresses stand for IPv4 ones.
_GIVEN_OUT_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = [IPv6Network(network) for network in "2001::/23 2001:db8::/32 2002::/16 3fff::/20".split()]
# Where a network has no IPv4, its translator stands behind these (RFC 6052); the last 32 bits are the IPv4 address.
_TRANSLATED = IPv6Network("64:ff9b::/96")
# The middle of an interface identifier that holds an IPv4 address (ISATAP, RFC 5214).
_TUNNELLED = (0x0000_5EFE, 0x0200_5EFE)
_32_BITS = 0xFFFF_FFFF


def is_public(address: IP) -> bool:
    """Whether the address is a public one; an IPv6 address that stands for an IPv4 one is public where that one is."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address in _TRANSLATED and address.scope_id is None:
        return is_public(IPv4Address(int(address) & _32_BITS))
    return (
        address.scope_id is None
        and address in _GIVEN_OUT_6
        and not any(address in network for network in _NOT_PUBLIC_6)
        and (int(address) >> 32) & _32_BITS not in _TUNNELLED
    )
