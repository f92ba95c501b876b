"""A small question set in the form of the public ones, written by the tests themselves."""

import json

from assistant.readers.training.data import FILES

RIVER = (
    "The Ottava rises in Mount Karsk and flows through the city of Belmar. "
    "Engineers of Norvia built the first dam in 1931. It is 84 metres high and was designed by Irena Holm. "
    "The reservoir holds water for Belmar and for the farms of Tessin."
)
CASTLE = (
    "Belmar Castle stands above the Ottava. King Aldo built it in 1204 after the war with Norvia. "
    "The northern tower was destroyed by fire in 1688, and Duke Emil had it rebuilt. "
    "Visitors enter by the eastern gate."
)
TRAIN = (
    "The railway from Belmar to Tessin opened in 1877 and was closed in 1962. Locomotives were made by Harlan Works. "
    "A museum in Tessin shows three of the locomotives, and the oldest is called Falcon by the people of the valley."
)


def paragraph(context, *questions):
    qas = [
        {
            "id": f"{len(context)} {question}",
            "question": question,
            "answers": [{"text": text, "answer_start": context.index(text)} for text in texts],
        }
        for question, texts in questions
    ]
    return {"context": context, "qas": qas}


TITLES = tuple(f"Valley {number}" for number in range(60))
PARAGRAPHS = [
    paragraph(
        RIVER,
        (
            "Who designed the dam that Norvia built on the Ottava?",
            ["Irena Holm", "Irena Holm", "designed by Irena Holm"],
        ),
        ("When did engineers of Norvia build the first dam?", ["1931", "in 1931"]),
    ),
    paragraph(
        CASTLE,
        ("Who built Belmar Castle in 1204?", ["King Aldo", "Aldo"]),
        ("What was destroyed by fire in 1688?", ["The northern tower"]),
    ),
    paragraph(TRAIN, ("When was the railway from Belmar to Tessin not open any more?", ["1962"])),
]


def write(folder, titles=("Belmar",), others=(), domain="wiki"):
    """Writes the set under the name of a domain's; every title is an article with all three paragraphs."""
    file = folder / FILES[domain].replace("*", "dev")
    file.parent.mkdir(parents=True, exist_ok=True)
    numbered = [(title, [{**p, "context": f"{p['context']} {title}."} for p in PARAGRAPHS]) for title in titles]
    articles = [{"title": title, "paragraphs": paragraphs} for title, paragraphs in [*numbered, *others]]
    file.write_text(json.dumps({"data": articles}), encoding="utf-8")
    return folder
