"""One file a format of question sets: `recognises(path, head)` says whether it is one, `read(path)` gives the set.

`path` is a file or a folder, `head` the first 4,000 characters of a file and "" for a folder. `read` raises
`BadQuestionSet`, which names each faulty line.
"""
