"""Single properties of exported objects: what each may look like, and what is refused."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from hypervigil.collect.readers import (
    fields,
)
from hypervigil.evidence.cluster import AccessPoint
from hypervigil.evidence.hyper_v import MigrationAuthentication
from hypervigil.evidence.platform import SecurityService
from tests.collect import clixml_files as files
from tests.collect.clixml_files import Enum, Obj
from tests.collect.clixml_files import parsed as objects

BOOT = datetime.datetime(2026, 11, 11, 3, 10, tzinfo=datetime.UTC)


def record(**properties: Any) -> Any:
    return objects(files.selected(**properties))[0]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, MigrationAuthentication.KERBEROS),
        ("1", MigrationAuthentication.KERBEROS),
        ("Kerberos", MigrationAuthentication.KERBEROS),
        ("CredSSP", MigrationAuthentication.CREDSSP),
        (Enum(1, "Kerberos"), MigrationAuthentication.KERBEROS),
        (Enum(0, "Whatever"), MigrationAuthentication.CREDSSP),
    ],
)
def test_a_code_by_number_or_name(value: Any, expected: MigrationAuthentication) -> None:
    assert fields.code(record(P=value), "P", MigrationAuthentication) is expected


def test_a_number_that_nobody_has_named_is_kept() -> None:
    assert int(fields.code(record(P=9), "P", SecurityService)) == 9
    assert not fields.code(record(P=Enum(9, "New")), "P", SecurityService).is_known


@pytest.mark.parametrize("value", ["NTLM", True, 1.5, "", datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)])
def test_no_code(value: Any) -> None:
    wrapped = value if not isinstance(value, float) else Obj(extended={"x": 1})
    with pytest.raises(fields.UnreadableError, match="property P"):
        fields.code(record(P=wrapped), "P", MigrationAuthentication)


def test_access_point_by_the_name_that_powershell_gives() -> None:
    assert fields.code(record(P="ActiveDirectoryAndDns"), "P", AccessPoint) is AccessPoint.ACTIVE_DIRECTORY_AND_DNS


@pytest.mark.parametrize("value", ["True", 1, 0, "1"])
def test_only_a_boolean_is_true_or_false(value: Any) -> None:
    with pytest.raises(fields.UnreadableError, match=r"property P is .*, expected true or false"):
        fields.boolean(record(P=value), "P")


def test_missing_and_null_are_the_same_and_no_value() -> None:
    assert fields.boolean_or_none(record(P=None), "P") is None
    assert fields.boolean_or_none(record(Q=1), "P") is None
    with pytest.raises(fields.UnreadableError, match="property P is missing or null"):
        fields.boolean(record(P=None), "P")


def test_upper_and_lower_case_of_a_name_do_not_count() -> None:
    assert fields.text(record(buildNUMBER="26100"), "BuildNumber") == "26100"


def test_extended_properties_hide_adapted_ones() -> None:
    both = objects(Obj(adapted={"P": "adapted"}, extended={"P": "extended"}))[0]
    assert fields.text(both, "P") == "extended"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (BOOT, BOOT),
        (BOOT.astimezone(datetime.timezone(datetime.timedelta(hours=-6))), BOOT),
        ("20261110211000.000000-360", BOOT),
        ("20261111051000.000000+120", BOOT),
        (None, None),
        ("", None),
    ],
)
def test_moments_are_in_utc(value: Any, expected: datetime.datetime | None) -> None:
    assert fields.moment_or_none(record(P=value), "P") == expected


@pytest.mark.parametrize(
    "value",
    [datetime.datetime(2026, 1, 1), "20261111051000", "20269911051000.000000+000", "yesterday", 5],  # noqa: DTZ001
)
def test_a_moment_without_zone_is_none(value: Any) -> None:
    with pytest.raises(fields.UnreadableError, match="expected a date with its time zone"):
        fields.moment_or_none(record(P=value), "P")
