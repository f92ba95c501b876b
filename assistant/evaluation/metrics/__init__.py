"""One file a metric: its name is the file's, `ndcg@10` is `ndcg.py` with a k of 10.

    score(case, result, k) -> float | tuple[float, ...] | None

gives what one question scores, or None where the metric does not apply to it; several numbers where the whole needs
more than one of each question. `GROUP` is "finding", "answers", "citations", "confidence" or "cost": where the
metric stands in a report. Optional in the file:

    DEFAULT_K         the k where none is named; without it `k` is None
    TAKES_K           True where a k may be named and need not be
    LOWER_IS_BETTER   True for costs and risks
    NEEDS_ANSWER      False where a search is enough and nobody need be asked
    FIGURE            how the number is shown, as a format such as "{:.2f} s"; percent otherwise
    aggregate(values, weights, k) -> numbers    see `bootstrap.mean`, which stands in where there is none

A question that ended in an error has no text, no citations and the outcome "error": it scores as wrong.
"""
