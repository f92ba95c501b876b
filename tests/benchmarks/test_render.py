import json

from tests.benchmarks.bench import SIZES, main, parts
from tests.benchmarks.growth import drawing, exponent
from tests.benchmarks.render import compared, rendered, written

MACHINE = {"cores": 2, "processor": "CPU", "memory_gb": 8, "system": "Linux", "python": "3.11.7", "load": 1.0}


def part(**measured):
    return measured | {"took": 60.0, "machine": MACHINE, "versions": {"torch": "2.13.0"}}


def found_on_squad(right, of=40):
    scores = [1.0] * right + [0.0] * (of - right)
    return part(
        note="all", scores={"document_recall@5": scores, "document_recall@1": scores}, halves=[0, 1] * (of // 2)
    )


def row_of(page, start):
    return next(line for line in page.splitlines() if line.startswith(f"| {start}"))


def test_what_was_not_run_is_said_plainly():
    page = rendered({}, ["squad.ours"], "bench")
    assert "Nothing has been run." in page
    assert row_of(page, "SQuAD 1.1, recall@5").count("not run") == 5


def test_where_we_lose_the_row_says_so():
    page = rendered(
        {"squad.ours": found_on_squad(20), "squad.txtai": found_on_squad(35), "squad.haystack": found_on_squad(10)},
        ["squad.ours", "squad.txtai", "squad.haystack", "squad.langchain"],
        "bench",
    )
    row = row_of(page, "SQuAD 1.1, recall@5")
    assert "50.0" in row and "87.5" in row
    assert "**we lose** to txtai by 37.5 points" in row
    assert "we beat Haystack by 25.0" in row
    assert "- SQuAD 1.1, recall@5 of the paragraph: txtai by 37.5 points" in page
    assert "Not run: squad (LangChain)." in page


def test_a_failure_is_shown_in_its_cell():
    page = rendered({"squad.txtai": part(failed="MemoryError")}, ["squad.txtai"], "bench")
    assert "failed: MemoryError" in row_of(page, "SQuAD 1.1, recall@5")
    assert "Failed: squad (txtai)." in page


def test_times_are_medians_and_a_difference_is_one_where_all_rounds_agree():
    found = {}
    for number, (ours, langchain, txtai) in enumerate([(10, 20, 9), (12, 20, 13), (50, 60, 49)], 1):
        for name, value in (("ours", ours), ("langchain", langchain), ("txtai", txtai)):
            found[f"times{number}.{name}"] = part(start=value)
    row = row_of(rendered(found, list(found), "bench"), "start of the process")
    assert "| 12.0 s (10.0 to 50.0) | 20.0 s (20.0 to 60.0) | not run |" in row
    assert "no clear difference: 1.02× txtai's; ours is 0.60× LangChain's" in row
    found["times2.txtai"] = part(start=6)
    found["times3.txtai"] = part(start=51)
    page = rendered(found, list(found), "bench")
    assert "**we lose in the median, not in every round**: ours is 1.11× txtai's" in page
    assert "ours is 1.11× txtai's in the median, though not in every round." in page
    found["times3.txtai"] = part(start=49)
    found["times1.txtai"] = part(start=1)
    found["times2.txtai"] = part(start=1)
    assert "**we lose**: ours is 10.00× txtai's" in rendered(found, list(found), "bench")


def test_a_difference_is_taken_question_by_question():
    difference, low, high = compared([1.0, 1.0, 0.0, 1.0] * 20, [1.0, 0.0, 0.0, 1.0] * 20)
    assert difference == 0.25 and 0.1 < low < 0.25 < high < 0.4
    assert compared([0.5] * 9, [0.5] * 9) == (0.0, 0.0, 0.0)


def test_an_exponent_is_the_slope_between_logarithms():
    assert abs(exponent({10: 1, 100: 10, 1000: 100}) - 1) < 1e-9
    assert abs(exponent({10: 5, 1000: 5})) < 1e-9
    assert exponent({10: 1}) is None


def test_the_growth_curve_is_a_drawing_that_needs_nothing_else(tmp_path):
    drawn = drawing({"add": {1000: 1.0, 10000: 11.0}, "p50": {1000: 0.01, 10000: 0.02}, "start": {1000: 1, 10000: 1}})
    assert drawn.startswith("<svg") and drawn.count("<polyline") == 3 and "exponent 1.04" in drawn
    grown = part(passages=1000, add=1.0, searchable=0.5, p50=0.01, p95=0.02, start=1.0, peak=1e8, disk=1e7)
    (tmp_path / "growth1000.ours.json").write_text(json.dumps(grown))
    written(tmp_path, tmp_path / "out" / "RESULTS.md", ["growth1000.ours"])
    assert (tmp_path / "out" / "growth.svg").exists()
    page = (tmp_path / "out" / "RESULTS.md").read_text()
    assert "| 1,000 | 1.0 s | 0.5 s | 10.0 ms | 20.0 ms | 1.0 s | 100 MB | 10 MB |" in page
    assert "Not run here: 10,000, 100,000 and 1,000,000 passages." in page


def test_a_run_of_some_parts_leaves_the_whole_page_as_it_is(tmp_path):
    kept, page = tmp_path / "kept", tmp_path / "RESULTS.md"
    page.write_text("the whole page")
    kept.mkdir()
    (kept / "squad.ours.json").write_text(json.dumps(found_on_squad(20)))
    written(kept, page, ["squad.ours", "squad.txtai"])
    assert page.read_text() == "the whole page"
    assert "Not run: squad (txtai)." in (kept / "RESULTS.md").read_text()
    (kept / "squad.txtai.json").write_text(json.dumps(found_on_squad(10)))
    written(kept, page, ["squad.ours", "squad.txtai"])
    assert "2 of 2 parts" in page.read_text()


def test_growth_and_all_of_scifact_are_taken_from_the_larger_run(tmp_path):
    kept, larger = tmp_path / "kept", tmp_path / "larger"
    for folder in (kept, larger):
        folder.mkdir()
    grown = part(passages=1000, add=1.0, searchable=0.5, p50=0.01, p95=0.02, start=1.0, peak=1e8, disk=1e7)
    (kept / "growth1000.ours.json").write_text(json.dumps(grown))
    (larger / "growth1000.ours.json").write_text(json.dumps(grown | {"add": 7.0}))
    (larger / "growth1000000.ours.json").write_text(json.dumps(grown | {"passages": 1_000_000}))
    (larger / "scifact.ours.json").write_text(json.dumps(part(scores={"ndcg@10": [0.5, 1.0]}, halves=[0, 1])))
    written(kept, tmp_path / "RESULTS.md", ["growth1000.ours"], larger)
    page = (tmp_path / "RESULTS.md").read_text()
    assert "| 1,000 | 1.0 s |" in page and "| 1,000,000 | 1.0 s |" in page
    assert "all 300 questions | 75.0" in page and "odd sha256) | 100.0" in page


def test_every_part_has_a_name_of_its_own_and_ours_is_in_every_size(tmp_path):
    for size in SIZES.values():
        names = [one.name for one in parts(size, tmp_path, tmp_path)]
        assert len(names) == len(set(names))
        assert {"chunking.ours", "times1.txtai", "squad2.ours", "growth1000.ours"} <= set(names)


def test_a_folder_without_sets_is_an_error_in_words(tmp_path, capsys):
    assert main(["--data", str(tmp_path)]) == 2
    assert "there are no question sets" in capsys.readouterr().err
