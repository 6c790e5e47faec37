"""What is judged: a node, an ordered pair of nodes, a cluster, a VM ..."""

from __future__ import annotations

import enum

import msgspec


class Scope(enum.StrEnum):
    """The kind of subject that a control judges, and the kind that a fact is about."""

    NODE = "node"
    PAIR = "pair"
    CLUSTER = "cluster"
    VM = "vm"
    ACCOUNT = "account"
    DC = "dc"
    ENDPOINT = "endpoint"
    DRIVER = "driver"


class Subject(msgspec.Struct, frozen=True, gc=False):
    """One thing that a control judges.

    ``key`` is stable over time and goes into fingerprints: node FQDN in lower case, cluster id, VM GUID, the two node
    keys of a pair joined by ``>``, account SID, ``host:port/protocol``, a driver's hash. ``name`` is what people read.
    ``cluster`` is the cluster that it belongs to (empty for a lone host). ``nodes`` are the keys of the nodes that it
    has to do with: source and destination of a pair, the node that holds a VM. ``aliases`` are other keys under which
    an earlier run may have known it: a cluster by its name, a node by its short name. ``ends`` are the two nodes of a
    pair.
    """

    scope: Scope
    key: str
    name: str
    cluster: str = ""
    nodes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    ends: tuple[Subject, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The key, then every other key that it may be known by."""
        if not self.ends:
            return (self.key, *self.aliases)
        source, destination = self.ends
        return tuple(f"{s}{PAIR_SEPARATOR}{d}" for s in source.keys for d in destination.keys)


PAIR_SEPARATOR = ">"


def pair(source: Subject, destination: Subject) -> Subject:
    """The ordered pair of two nodes: live migration goes from ``source`` to ``destination``."""
    return Subject(
        Scope.PAIR,
        f"{source.key}{PAIR_SEPARATOR}{destination.key}",
        f"{source.name} → {destination.name}",
        source.cluster,
        (source.key, destination.key),
        (),
        (source, destination),
    )


def not_enumerated(scope: Scope, of: str, cluster: str) -> Subject:
    """Stands for the subjects of ``scope`` that nobody could list, within ``of`` (a node or cluster key)."""
    return Subject(scope=scope, key=f"{of}/*", name=f"{scope.value}s of {of} that could not be listed", cluster=cluster)
