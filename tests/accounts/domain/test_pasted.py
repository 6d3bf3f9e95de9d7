from accounts.domain.pasted import Person, read_people
from ledger.domain.reason import Reason


def test_names_in_both_scripts_and_every_separator():
    text = "wang@example.org, 王芳, Wang Fang\n\nli@example.org；李强\nsmith@example.org\tAnn Smith\n  zhao@example.org，赵一鸣，\n"
    assert read_people(text, most=10) == (
        [
            Person(1, "wang@example.org", "王芳", "Wang Fang"),
            Person(3, "li@example.org", "李强", ""),
            Person(4, "smith@example.org", "", "Ann Smith"),
            Person(5, "zhao@example.org", "赵一鸣", ""),
        ],
        [],
    )


def test_each_line_at_fault_is_named():
    text = "wang@example.org\nli@example.org, 李强\n, 某人\nLI@example.org, 李强\na, b, c, d"
    people, faults = read_people(text, most=10)
    assert people == [Person(2, "li@example.org", "李强", "")]
    assert faults == [
        Reason("accounts.line_unreadable", {"line": 1, "text": "wang@example.org"}),
        Reason("accounts.line_unreadable", {"line": 3, "text": ", 某人"}),
        Reason("accounts.line_twice", {"line": 4, "email": "LI@example.org", "first": 2}),
        Reason("accounts.line_unreadable", {"line": 5, "text": "a, b, c, d"}),
    ]


def test_nothing_and_too_much():
    assert read_people(" \n", most=10) == ([], [Reason("accounts.list_empty")])
    assert read_people("a@example.org, 甲\nb@example.org, 乙\n", most=1) == ([], [Reason("accounts.list_long", {"count": 2, "most": 1})])
