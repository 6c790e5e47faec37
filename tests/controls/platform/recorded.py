"""Win32_DeviceGuard as published from real machines: the values alone, for the tables of this family.

| name | published in |
|---|---|
| SERVER_2016, SERVER_2022, SERVER_2025 | mondoohq/cnquery, `deviceguard_*.json` of its Windows test data |
| SERVER_2019 | training-lab notes in a public file; its repository is not known |
| WINDOWS_10 | MicrosoftDocs/windows-itpro-docs, pull request 8077, a comment of 2020-08-18 |
| WINDOWS_11, WINDOWS_11_GUEST | notes in a public script: a PC with 24H2, and its guest under Hyper-V |

cnquery selects six properties, so RequiredSecurityProperties is missing there. Of the last three the source prints the
first four available properties only.
"""

from __future__ import annotations

from hypervigil.evidence.platform import DeviceGuard, SecurityProperty, SecurityService, VbsStatus

Codes = tuple[int, ...]


def _guard(
    status: int, configured: Codes, running: Codes, available: Codes, required: Codes | None, policies: tuple[int, int]
) -> DeviceGuard:
    return DeviceGuard(
        vbs_status=VbsStatus(status),
        services_configured=tuple(SecurityService(code) for code in configured),
        services_running=tuple(SecurityService(code) for code in running),
        available_properties=tuple(SecurityProperty(code) for code in available),
        required_properties=None if required is None else tuple(SecurityProperty(code) for code in required),
        code_integrity_policy=policies[0],
        usermode_code_integrity_policy=policies[1],
    )


SERVER_2016 = _guard(0, (0,), (0,), (3,), None, (0, 0))
SERVER_2019 = _guard(0, (0,), (0,), (1, 3, 5, 7), (0,), (2, 2))
SERVER_2022 = _guard(0, (0,), (0,), (0,), None, (0, 0))
SERVER_2025 = _guard(0, (0,), (0,), (1, 3, 5, 7), None, (2, 0))
WINDOWS_10 = _guard(2, (1, 2, 3), (1, 2), (1, 2, 3, 5), (1, 2, 3), (2, 0))
WINDOWS_11 = _guard(2, (2,), (1, 2, 7), (1, 2, 3, 4), (0,), (2, 2))
WINDOWS_11_GUEST = _guard(2, (2,), (2,), (1, 2, 3, 5), (0,), (2, 0))
