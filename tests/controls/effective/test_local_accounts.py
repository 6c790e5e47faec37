"""Local accounts that somebody could use."""

from __future__ import annotations

from hypervigil.controls.effective.local_accounts import built_in_administrator, usable
from hypervigil.evidence.accounts import LocalUsers
from hypervigil.synthetic.account_defaults import local_user

USERS = LocalUsers(
    users=(
        local_user("root", 500),
        local_user("Guest", 501),
        local_user("cliusr", 1002),
        local_user("old", 1003, enabled=False),
        local_user("hvsetup", 1004),
    )
)


def test_usable_are_enabled_and_neither_guest_nor_the_clusters_own() -> None:
    assert [user.name for user in usable(USERS)] == ["root", "hvsetup"]


def test_the_built_in_administrator_is_known_by_its_rid() -> None:
    found = built_in_administrator(USERS)
    assert found is not None
    assert found.name == "root"
    assert built_in_administrator(LocalUsers(users=USERS.users[1:])) is None
