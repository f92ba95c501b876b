import io
import re

from assistant.evaluation.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_gets_one_line_that_is_rewritten():
    told = Terminal()
    with Progress(told, "questions", 3) as progress:
        for _ in range(3):
            progress.step()
    assert told.getvalue().count("\n") == 1 and "\rquestions: 3 of 3" in told.getvalue()


def test_a_file_gets_a_line_at_the_start_and_one_at_the_end():
    told = io.StringIO()
    with Progress(told, "questions", 50) as progress:
        for _ in range(50):
            progress.step()
        progress.at(50)
    first, last = told.getvalue().splitlines()
    assert re.fullmatch(r"questions: 1 of 50, [\d.]+ s left", first)
    assert re.fullmatch(r"questions: 50 of 50, [\d.]+ s in all", last)


def test_what_was_done_before_does_not_make_the_rest_look_faster():
    told = io.StringIO()
    progress = Progress(told, "questions", 1000, 999)
    progress._began -= 10
    progress.at(999)
    assert "left" not in told.getvalue()
    progress.step()
    assert "10 s in all" in told.getvalue()


def test_without_a_stream_nothing_is_said():
    with Progress(None, "questions", 1) as progress:
        progress.step()
