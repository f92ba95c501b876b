import pytest

_FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture
def figures(request):
    """A list of sentences that stand under the run's summary, whether or not all went well."""
    return request.config.stash.setdefault(_FIGURES, [])


def pytest_terminal_summary(terminalreporter, config):
    if config.stash.get(_FIGURES, []):
        terminalreporter.section("crash safety")
        for line in config.stash[_FIGURES]:
            terminalreporter.write_line(line)
