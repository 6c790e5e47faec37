"""Local accounts of a host that somebody could use: what the lists of accounts leave to judge."""

from __future__ import annotations

from hypervigil.evidence.accounts import LocalUser, LocalUsers

BUILT_IN_RID, GUEST_RID = 500, 501
"""The built-in Administrator and the built-in Guest, whatever they are called."""
CLUSTER_ACCOUNT = "cliusr"
"""The account that the cluster makes for itself, in lower case. Its password the cluster changes."""


def built_in_administrator(users: LocalUsers) -> LocalUser | None:
    """The account with RID 500; None for a list that lacks it, which is then not whole."""
    return next((user for user in users.users if user.rid == BUILT_IN_RID), None)


def usable(users: LocalUsers) -> tuple[LocalUser, ...]:
    """The enabled accounts but for that of the cluster and Guest, in their order."""
    return tuple(
        user
        for user in users.users
        if user.enabled and user.rid != GUEST_RID and user.name.casefold() != CLUSTER_ACCOUNT
    )
