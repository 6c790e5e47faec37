"""Queries of the event log: what a QueryList asks for, what QueryStatus tells, and which events an XPath takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypervigil.formats.errors import FormatError
from hypervigil.formats.event_query import MOST_CHARACTERS, Part, Query, read_query_list, read_query_status
from hypervigil.formats.event_xpath import DEEPEST, takes, takes_all

SECURITY = "Microsoft-Windows-Security-Auditing"


def test_a_query_list() -> None:
    text = """<QueryList>
      <Query Id="0" Path="Security">
        <Select>*[System[EventID=4624]]</Select>
        <Select Path="System">*</Select>
        <Suppress Path="Security">*[EventData[Data='x']]</Suppress>
      </Query>
      <Query Id="1"><Select Path="Setup"> * </Select></Query>
    </QueryList>"""
    assert read_query_list(text) == (
        Query(
            (Part("Security", "*[System[EventID=4624]]"), Part("System", "*")),
            (Part("Security", "*[EventData[Data='x']]"),),
        ),
        Query((Part("Setup", "*"),)),
    )


def test_less_than_is_escaped_in_xml() -> None:
    query = read_query_list('<QueryList><Query Path="A"><Select>*[System[EventID &lt; 5]]</Select></Query></QueryList>')
    assert query[0].selects[0].xpath == "*[System[EventID < 5]]"


# The form is that of a Status that a user of lme published (issue 41 of ukncsc/lme); channels and codes are chosen.
STATUS = """<t:QueryStatus xmlns:t="http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog">
<t:Channel Name="Application" ErrorCode="0"/><t:Channel Name="Security" ErrorCode="5"/>
<t:Channel  Name="PowerShellCore/Operational"  ErrorCode="15007"/></t:QueryStatus>"""


def test_a_query_status() -> None:
    assert read_query_status(STATUS) == {"Application": 0, "Security": 5, "PowerShellCore/Operational": 15007}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not XML"),
        ("<QueryList>", "not XML"),
        ("<Query/>", "the outermost element is Query"),
        ("<!DOCTYPE QueryList><QueryList/>", "document type"),
        ('<QueryList><Query Id="0"><Select>*</Select></Query></QueryList>', "names no channel"),
        ("<QueryList>\ud800</QueryList>", "no text can hold"),
        (" " * MOST_CHARACTERS + "<QueryList/>", "too long"),
    ],
)
def test_what_is_no_query_list(text: str, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        read_query_list(text)


@pytest.mark.parametrize("code", ["denied", "", "-1", "²", "9" * 5000])
def test_a_status_with_something_else_for_a_code(code: str) -> None:
    with pytest.raises(FormatError, match="line 1, column 14: an error code is no number"):
        read_query_status(f'<QueryStatus><Channel Name="Security" ErrorCode="{code}"/></QueryStatus>')


@given(
    st.text() | st.text().map(lambda text: f"<QueryList><Query Path='A'><Select>{text}</Select></Query></QueryList>")
)
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_query_list, read_query_status):
        try:
            read(text)
        except FormatError:
            continue


@pytest.mark.parametrize(
    ("xpath", "expected"),
    [
        ("*", True),
        ("*[System]", True),
        ("*[System[EventID=4624]]", True),
        ("*[System[(EventID=4624)]]", True),
        ("*[System[(EventID=1 or EventID=4624 or EventID=7)]]", True),
        ("*[System[(EventID >= 4620 and EventID <= 4625)]]", True),
        ("Event/System[EventID=4624]", True),
        ("Event[System[EventID = '4624']]", True),
        ("*[System/EventID=4624]", True),
        ("*[System[Provider[@Name='microsoft-windows-security-auditing'] and EventID!=1]]", True),
        ("*[System[not(EventID=4625)]]", True),
        ("*[System[EventID=4625]]", False),
        ("*[System[(EventID >= 4625)]]", False),
        ("*[System[Provider[@Name='Microsoft-Windows-Eventlog']]]", False),
        ("*[System[Provider/@Name='Microsoft-Windows-Eventlog']]", False),
        ("*[System[EventID=1]] and *[EventData[Data[@Name='LogonType']='3']]", False),
        ("*[System[EventID=4624] and EventData[Data[@Name='LogonType']='3']]", None),
        ("*[EventData[Data[@Name='TargetUserName']='x']]", None),
        ("*[System[EventID=4624 and Level=4]]", None),
        ("*[System[EventID=4625 and Level=4]]", False),
        ("*[System[band(Keywords,9007199254740992)]]", None),
        ("*[System[TimeCreated[timediff(@SystemTime) <= 86400000]]]", None),
        ("*[System[not(Level=4)]]", None),
        ("*[System[EventID=4624 or Level=1]]", True),
        ("*[UserData[EventID=1]]", None),
        ("*[System[EventID=4624]", None),
        ("*[System[EventID=0x1210]]", None),
        ("?", None),
        (f"*[System[EventID={'9' * 5000}]]", None),
        ("", None),
        ("(" * (DEEPEST + 5) + "*" + ")" * (DEEPEST + 5), None),
    ],
)
def test_which_events_an_expression_takes(xpath: str, expected: bool | None) -> None:
    assert takes(xpath, SECURITY, 4624) is expected


@given(st.text(alphabet="*[]()@/='<>!, \"aEventIDSystemProvider0123orand"))
def test_any_expression_gives_one_of_three_values(xpath: str) -> None:
    assert takes(xpath, SECURITY, 4624) in (True, False, None)


def test_what_takes_every_event() -> None:
    assert [takes_all(xpath) for xpath in ("*", " * ", "Event", "*[System]", "")] == [True, True, True, False, False]
