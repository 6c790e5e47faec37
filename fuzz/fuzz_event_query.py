"""Fuzz queries of the event log, their status, and XPath: `python fuzz/fuzz_event_query.py --seconds 600`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from fuzz.harness import Target, instrumented, main

with instrumented("hypervigil.formats.event_query", "hypervigil.formats.event_xpath"):
    from hypervigil.formats.errors import FormatError
    from hypervigil.formats.event_query import read_query_list, read_query_status
    from hypervigil.formats.event_xpath import takes

LIST = b"""<QueryList><Query Id="0" Path="Security">
<Select>*[System[Provider[@Name='a'] and (EventID=1 or (EventID &gt;= 4 and EventID &lt;= 9))]]</Select>
<Select Path="System">*</Select><Suppress>*[EventData[Data[@Name='b']='c']]</Suppress></Query></QueryList>"""
STATUS = b"""<t:QueryStatus xmlns:t="http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog">
<t:Channel Name="Security" ErrorCode="5"/><t:Channel Name="System" ErrorCode="15007"/></t:QueryStatus>"""
XPATHS = [
    b"*[System[not(EventID=1) and band(Keywords,9007199254740992)]]",
    b"*[System[TimeCreated[timediff(@SystemTime) <= 86400000]]] and Event/System/EventID != 0x1",
]
TOKENS = ["<!DOCTYPE QueryList [", "<![CDATA[", "]]>", "&amp;", "&#0;", "xmlns:t=", "Path=", "ErrorCode=", "<Select/>"]
TOKENS += ["*[System[", "]]", "((((", "))))", "not(", " and ", " or ", "@Name", "EventID", "Provider", "'", ">=", "/"]


def check(data: bytes) -> None:
    """A text is a query, a status, or refused; each expression in it, and the text itself, gives one of three."""
    text = data.decode("utf-8", errors="replace")
    xpaths = [text]
    refused: list[FormatError] = []
    try:
        for query in read_query_list(text):
            assert all(part.channel for part in (*query.selects, *query.suppresses))
            xpaths += [part.xpath for part in (*query.selects, *query.suppresses)]
    except FormatError as error:
        refused.append(error)
    try:
        assert all(code >= 0 for code in read_query_status(text).values())
    except FormatError as error:
        refused.append(error)
    assert refused, "no text is both a query and a status"
    assert all(takes(xpath, "a", 1) in (True, False, None) for xpath in xpaths)


TARGET = Target(
    name="event_query",
    check=check,
    allowed=(),
    seeds=[LIST, STATUS, *XPATHS],
    tokens=[token.encode() for token in TOKENS],
)

if __name__ == "__main__":
    main(TARGET)
