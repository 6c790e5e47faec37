"""CLIXML, PowerShell's serialization of objects: bytes in, plain typed values out.

`Export-Clixml` and `ConvertTo-CliXml` write it, PowerShell remoting sends it. The format is [MS-PSRP] 2.2.5.

| in the file                        | here                                                                           |
|------------------------------------|--------------------------------------------------------------------------------|
| `S` `C` `URI` `Version` `XD` `SBK` | str                                                                            |
| `B` `Nil`                          | bool, None                                                                     |
| `By` `SB` `U16` `I16` ... `I64`    | int                                                                            |
| `Sg` `Db` `D`                      | float, float, Decimal                                                          |
| `DT` `TS`                          | datetime (aware where the text has a zone), timedelta                          |
| `G` `BA`                           | UUID, bytes                                                                    |
| `SS`                               | `SecureString`, without its content                                            |
| `LST` `IE` `STK` `QUE` `DCT`       | list, list, `Stack`, `Queue`, dict                                             |
| enumeration                        | `EnumValue`, an int with the name that the source gave it                      |
| any other object, `PR`             | `PSObject`                                                                     |

A primitive or container comes as `PSObject` with `value` only where it carries properties. Its type names are dropped
otherwise. The class metadata that CIM objects drag along is passed over.
"""

from hypervigil.formats.clixml.document import DEFAULT_LIMITS, ClixmlError, Limits, located, read_document
from hypervigil.formats.clixml.primitives import ElementError
from hypervigil.formats.clixml.reader import ObjectReader
from hypervigil.formats.clixml.values import EnumValue, PSObject, Queue, SecureString, Stack

__all__ = [
    "DEFAULT_LIMITS",
    "ClixmlError",
    "EnumValue",
    "Limits",
    "PSObject",
    "Queue",
    "SecureString",
    "Stack",
    "parse",
]


def parse(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> list[object]:
    """The objects of a CLIXML document, in the order of the file.

    `data` is UTF-8 or UTF-16, with or without byte order mark and XML declaration. An object that the file refers to
    more than once is one and the same value here; it can contain itself.

    Raises `ClixmlError`, and nothing else, where `data` is no CLIXML, is damaged, declares a document type, or passes
    `limits`.
    """
    text, root = read_document(data, limits)
    try:
        return ObjectReader(limits.depth).read(root)
    except ElementError as error:
        failure = located(error, text, root)
    except RecursionError:
        failure = ClixmlError("objects are nested too deeply for this process", expected="a lower Limits.depth")
    raise failure  # out here, so that it does not drag the element tree along as its context
