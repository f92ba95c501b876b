"""The README's blocks are run as they stand."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.index.documents import write_pdf

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    found = re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert found, f"the README has no {language} block"
    return found


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with the document that the README's examples add."""
    write_pdf(
        tmp_path / "handbook.pdf", [["Welcome to the company."], ["Every employee gets 25 days of leave each year."]]
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(arguments, folder):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


def test_the_python_block_runs_and_finds_the_page(folder):
    done = run([sys.executable, "-c", "\n".join(blocks("python"))], folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "Every employee gets 25 days of leave each year.",
        "25 days",
        "handbook.pdf 2 Every employee gets 25 days of leave each year.",
    ]


def test_the_command_lines_run_as_they_stand(folder):
    for line in filter(None, "\n".join(blocks("shell")).splitlines()):
        program, *arguments = shlex.split(line)
        assert program == "python"
        done = run([sys.executable, *arguments], folder)
        assert done.returncode == 0, f"{line}: {done.stderr}"
        if " ask " in line and "--json" not in line:
            assert '[1] handbook.pdf, page 2: "Every employee gets 25 days of leave each year."' in done.stdout


def test_the_make_targets_that_are_named_exist():
    named = set(re.findall(r"^make (\S+)", "\n".join(blocks("bash")), re.MULTILINE))
    assert {"run", "test"} <= named
    for target in named:
        assert run(["make", "--dry-run", target], ROOT).returncode == 0


@pytest.mark.slow
def test_the_pip_lines_set_up_a_fresh_clone(tmp_path):
    clone = tmp_path / "clone"
    assert run(["git", "clone", "--quiet", str(ROOT), str(clone)], tmp_path).returncode == 0
    lines = [line for line in blocks("bash")[1].splitlines() if "app.py" not in line]
    done = subprocess.run("\n".join(lines), shell=True, cwd=clone, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stderr
    asked = run([str(clone / ".venv/bin/python"), "-m", "assistant", "ask", "How many people have been killed?"], clone)
    assert "76" in asked.stdout
