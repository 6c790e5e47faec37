"""A cluster while it is being made up: its facts, before they become evidence."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from hypervigil.evidence.cluster import Cluster
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.release import Release
from hypervigil.model.outcome import Cause

F = TypeVar("F", bound=Fact)


class Draft(msgspec.Struct, kw_only=True):
    """A cluster while it is being made up.

    Facts by name, of each node and of the cluster; lists by name, about the VMs of each node (``vms``) and from
    directory and wire (``elsewhere``); gaps of each node.
    """

    release: Release
    domain: bool
    nodes: dict[str, dict[str, Fact]]
    cluster: dict[str, Fact]
    vms: dict[str, dict[str, tuple[Fact, ...]]]
    elsewhere: dict[str, tuple[Fact, ...]]
    gaps: dict[str, dict[str, Cause]]

    def copy(self) -> Draft:
        """The same draft, to be changed on its own; facts never change, so they are shared."""
        return Draft(
            release=self.release,
            domain=self.domain,
            nodes={name: dict(facts) for name, facts in self.nodes.items()},
            cluster=dict(self.cluster),
            vms={name: dict(lists) for name, lists in self.vms.items()},
            elsewhere=dict(self.elsewhere),
            gaps={name: dict(causes) for name, causes in self.gaps.items()},
        )

    @property
    def last(self) -> str:
        """The node that a flaw of a single node falls on."""
        return list(self.nodes)[-1]

    def held(self, fact: type[F], node: str | None = None) -> F:
        """A fact of a node, the last one where none is named.

        Raises:
            TypeError: it is another fact by that name, which only a mistake here can lead to.
            KeyError: the node has none.
        """
        name = self.last if node is None else node
        held = self.nodes[name][fact.INFO.name]
        if not isinstance(held, fact):
            msg = f"{fact.INFO.name} of {name} is {type(held).__name__}"
            raise TypeError(msg)
        return held

    def change(self, fact: type[Fact], *nodes: str, **fields: Any) -> None:  # noqa: ANN401  fields of any fact
        """Replace fields of a fact, on the nodes named or on all."""
        for name in nodes or self.nodes:
            held = self.nodes[name]
            held[fact.INFO.name] = msgspec.structs.replace(held[fact.INFO.name], **fields)

    def change_cluster(self, **fields: Any) -> None:  # noqa: ANN401  fields of any fact
        """Replace properties of the cluster."""
        self.cluster[Cluster.INFO.name] = msgspec.structs.replace(self.cluster[Cluster.INFO.name], **fields)
