"""What a question names: a document by its file's name or its title."""

import pytest

from assistant.part import named

TITLES = [
    ("PerksPlus.pdf", "Health and wellness for every employee"),
    ("employee_handbook.pdf", "Contoso"),
    ("x.md", ""),
]


@pytest.mark.parametrize(
    ("asked", "topic", "source"),
    [
        ("What is the employee handbook about?", {"employe"}, "employee_handbook.pdf"),
        ("Summarise PerksPlus.pdf", {"perksplus"}, "PerksPlus.pdf"),
        ("What is said on the wellness of employees?", {"employe", "well"}, "PerksPlus.pdf"),
        ("What are the reptiles about?", {"reptil"}, ""),
    ],
)
def test_a_document_is_named_by_the_most_words_of_its_name(asked, topic, source):
    assert named(asked, topic, TITLES) == source
