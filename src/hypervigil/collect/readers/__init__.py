"""From objects of CLIXML documents to facts: pure functions, one module a fact family.

Objects come as they were exported: with adapted properties, or with extended ones after Select-Object; enumerations as
number with name, as number, or as name; dates as dates or as DMTF text. A property that the release does not have is
missing or null, and stays null in the fact. What has another type than the property can have is never guessed at:
``fields.UnreadableError`` names the property, and the fact becomes a gap.
"""
