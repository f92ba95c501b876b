"""Finds the module that a name stands for, in a folder where each file is one thing."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from index.errors import UnknownName


def names(package: ModuleType) -> list[str]:
    """The names that may be given, sorted: one for each file of the package's folder."""
    return sorted(module.name for module in pkgutil.iter_modules(package.__path__))


def named(package: ModuleType, name: str) -> ModuleType:
    """The module of `package` called `name`, imported only after the name was found in the folder.

    Raises `UnknownName`, which lists the names there are.
    """
    known = names(package)
    if name not in known:
        kind = package.__name__.rsplit(".", 1)[-1]
        raise UnknownName(f"there is no {name!r} among the {kind}; there are {', '.join(known)}")
    return importlib.import_module(f"{package.__name__}.{name}")
