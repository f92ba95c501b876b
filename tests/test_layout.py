"""The structure that the design draws, held over the syntax trees."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = [p for top in ("index", "prompts", "assistant") for p in sorted((ROOT / top).rglob("*.py"))] + [ROOT / "app.py"]
HEAVY = {
    "chromadb": {"index/stores/chroma.py"},
    "sentence_transformers": {"index/embed.py", "index/rank.py"},
    "onnxruntime": {"index/minilm.py", "index/loaders/pdf/engine.py"},
    "langchain": {"assistant/models.py"},
    "langchain_core": {
        "assistant/models.py",
        "assistant/rewrite.py",
        "assistant/opinion.py",
        "assistant/assistant.py",
        "assistant/runnable.py",
        "index/retriever.py",
        "assistant/readers/generate.py",
    },
    "gradio": {"assistant/window/"},
    "httpcore": {"index/web/"},
    "trafilatura": {"index/loaders/html/main.py"},
    "torch": {"assistant/readers/trained/", "assistant/readers/training/"},
    "transformers": {"index/embed.py"},
}


def modules(path):
    """Every module that a file imports, by its full name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_point_one_way(path):
    here, imported = name(path), set(modules(path))
    tops = {module.split(".")[0] for module in imported}
    if here.startswith("index/"):
        assert not tops & {"assistant", "prompts"}
    if here.startswith("prompts/"):
        assert not tops & {"assistant", "index"}
    apart = ("assistant/evaluation/", "assistant/cli.py", "assistant/readers/training/")
    if not here.startswith("assistant/readers/training/"):
        assert not any(module.startswith("assistant.readers.training") for module in imported)
    if here.startswith("assistant/") and not here.startswith(apart):
        allowed = {"assistant.evaluation.cases"} if here.startswith("assistant/window/") else set()
        found = {m for m in imported if m.startswith("assistant.evaluation")}
        assert all(any(m.startswith(a) for a in allowed) for m in found if m != "assistant.evaluation"), found
    if not here.startswith("assistant/window/") and here not in ("app.py", "assistant/cli.py"):
        assert not any(module.startswith("assistant.window") for module in imported)
    if here.startswith("assistant/"):
        assert not any(module.startswith("index.stores") or module == "chromadb" for module in imported)


@pytest.mark.parametrize("package", HEAVY)
def test_heavy_packages_are_imported_in_few_files(package):
    users = {name(path) for path in FILES if package in {module.split(".")[0] for module in modules(path)}}
    assert all(any(user == a or (a.endswith("/") and user.startswith(a)) for a in HEAVY[package]) for user in users), (
        users
    )


def test_importing_the_assistant_loads_nothing_heavy():
    code = "import sys, assistant, assistant.cli; print(*(sorted(m.split('.')[0] for m in sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(done.stdout.split())
    assert "assistant" in loaded
    assert not loaded & {*HEAVY, "pypdfium2", "docx", "matplotlib", "sklearn", "scipy", "pandas"}


def test_every_file_states_what_it_is_for():
    for path in FILES:
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{name(path)} has no docstring"


def test_nothing_swallows_every_error():
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                kind = getattr(node.type, "id", None)
                bare = node.type is None or kind in ("Exception", "BaseException")
                raises = any(isinstance(inner, ast.Raise) and inner.exc is None for inner in ast.walk(node))
                assert not bare or raises, f"{name(path)}:{node.lineno}"
