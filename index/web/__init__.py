"""Web addresses: what stands there is fetched into a file, behind rules, and then read like any other file.

Only public hosts are asked, on each redirect anew, and told nothing but the address: no cookie, no password. A proxy
that the environment names is not used, since it would resolve names itself, past the rules.
"""
