"""CLU-004: tier-0 guests and the nodes that hold them."""

from __future__ import annotations

from typing import Any

from hypervigil.controls.cluster import clu_004_tier0_guests as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.hyper_v import Vm
from hypervigil.evidence.vm_settings import GuestProductType
from hypervigil.model.context import Context, GuestRef, TierZeroRole
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from hypervigil.synthetic import fabric_defaults as fabric
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

CONTROLLER = GuestRef(vm="DC01", role=TierZeroRole.DOMAIN_CONTROLLER, place="context.toml:7")
AUTHORITY = GuestRef(vm="CA01", role=TierZeroRole.CERTIFICATE_AUTHORITY)


def vm(
    number: int, name: str, says: GuestProductType | None = GuestProductType.SERVER, **changes: Any
) -> tuple[Fact, ...]:
    made: Vm = defaults.vm(number, name=name, **changes)
    return (made, fabric.guest_identity(id=made.id, product_type=says))


def declares(*guests: GuestRef) -> Context:
    return Context(file="context.toml", tier0_guests=guests)


DC = vm(1, "DC01", GuestProductType.DOMAIN_CONTROLLER)
CA = vm(2, "CA01")
APPS = tuple(fact for number in range(10, 15) for fact in vm(number, f"APP{number}"))
FIXED_DC = vm(1, "DC01", clustered=False)
FIXED_APP = vm(10, "APP10", clustered=False)


def case(
    name: str,
    gives: Outcome,
    because: tuple[str, ...],
    *nodes: tuple[Fact, ...],
    context: Context | None = None,
    says: str = "",
) -> Case:
    by_name = {f"HV{place:02d}": facts for place, facts in enumerate(nodes, start=1)}
    return Case(name, gives, because, nodes=by_name, context=context, says=says)


CASES = (
    case(
        "a domain controller among others",
        Outcome.FAIL,
        ("beside", "moves"),
        (*DC, *APPS),
        vm(20, "WEB20"),
        context=declares(CONTROLLER),
        says="hv01.contoso.com holds DC01 (domain controller) beside APP10, APP11, APP12 and 2 more",
    ),
    case(
        "two of them, each beside the same guest",
        Outcome.FAIL,
        ("beside", "moves", "beside", "moves"),
        (*DC, *CA, *vm(10, "APP10")),
        context=declares(CONTROLLER, AUTHORITY),
        says="CA01 (certificate authority) beside APP10:",
    ),
    case(
        "declared by its id, without a role",
        Outcome.FAIL,
        ("beside", "moves"),
        (*CA, *APPS),
        context=declares(GuestRef(vm=defaults.vm(2).id)),
        says="holds CA01 (tier 0)",
    ),
    case(
        "a cluster of nothing else",
        Outcome.PASS,
        ("alone", "moves", "alone", "moves"),
        DC,
        CA,
        context=declares(CONTROLLER, AUTHORITY),
        says="hv02.contoso.com, or any other node can come to hold it",
    ),
    case(
        "on a node of its own, and nothing can move",
        Outcome.PASS,
        ("alone",),
        FIXED_DC,
        FIXED_APP,
        context=declares(CONTROLLER),
    ),
    case(
        "on a node of its own, and clustered",
        Outcome.REVIEW,
        ("may_meet", "moves"),
        DC,
        FIXED_APP,
        context=declares(CONTROLLER),
        says="apart from APP10?",
    ),
    case(
        "on a node of its own, where clustered guests can come",
        Outcome.REVIEW,
        ("may_meet",),
        FIXED_DC,
        (*APPS, *vm(20, "WEB20", clustered=None)),
        context=declares(CONTROLLER),
        says="APP10, APP11, APP12 and 3 more?",
    ),
    case(
        "whether it is clustered was not read",
        Outcome.REVIEW,
        ("may_meet", "moves"),
        vm(1, "DC01", clustered=None),
        FIXED_APP,
        context=declares(CONTROLLER),
    ),
    case("declared: none", Outcome.PASS, ("none",), APPS, context=declares()),
    case(
        "declared: none, and a guest begs to differ",
        Outcome.REVIEW,
        ("says_so",),
        (*DC, *APPS),
        context=declares(),
        says="DC01 on hv01.contoso.com",
    ),
    case(
        "one declared, another says so: it counts as a neighbour",
        Outcome.FAIL,
        ("beside", "moves", "says_so"),
        (*DC, *vm(3, "DC02", GuestProductType.DOMAIN_CONTROLLER)),
        context=declares(CONTROLLER),
        says="beside DC02",
    ),
    case(
        "declared, and nowhere",
        Outcome.REVIEW,
        ("not_here",),
        APPS,
        context=declares(CONTROLLER),
        says="context.toml:7",
    ),
    case(
        "declared without a place, and nowhere",
        Outcome.REVIEW,
        ("not_here",),
        APPS,
        context=declares(AUTHORITY),
        says="no place given",
    ),
    case("nobody declared a context", Outcome.REVIEW, ("undeclared",), APPS),
    case("a context without them", Outcome.REVIEW, ("undeclared",), APPS, context=Context(file="context.toml")),
    case("nobody declared, and a guest says so", Outcome.REVIEW, ("says_so", "undeclared"), (*DC, *APPS)),
    case("a guest that says nothing", Outcome.PASS, ("none",), vm(1, "DC01", None), context=declares()),
    Case(
        "guests not heard",
        Outcome.UNKNOWN,
        ("unheard",),
        nodes={"HV01": APPS, "HV02": vm(20, "WEB20")},
        gaps={"guest_identity@HV01": Cause.ACCESS_DENIED},
        context=declares(),
        cause=Cause.ACCESS_DENIED,
        says="on hv01.contoso.com say",
    ),
    Case(
        "guests not heard, and a failure that stands",
        Outcome.FAIL,
        ("beside", "moves", "unheard"),
        node=(*DC, *APPS),
        gaps={"guest_identity": Cause.ACCESS_DENIED},
        context=declares(CONTROLLER),
    ),
    Case(
        "a node of which nothing is known",
        Outcome.UNKNOWN,
        ("unheard",),
        nodes={"HV01": APPS, "HV02": ()},
        gaps={"vms@HV02": Cause.ACCESS_DENIED, "guest_identity@HV02": Cause.NOT_COLLECTED},
        context=declares(),
        cause=Cause.NOT_COLLECTED,
    ),
    Case(
        "VMs of one node listed, none of the other",
        Outcome.UNKNOWN,
        ("none",),
        nodes={"HV01": APPS, "HV02": vm(20, "WEB20")},
        gaps={"vms@HV02": Cause.ACCESS_DENIED},
        context=declares(),
        cause=Cause.ACCESS_DENIED,
    ),
    Case("no VM at all, whatever is declared", Outcome.PASS, ("no_vm",), empty=("vms",), context=declares(CONTROLLER)),
    Case(
        "a node without VMs beside one with",
        Outcome.PASS,
        ("none",),
        nodes={"HV01": APPS, "HV02": ()},
        empty=("vms", "guest_identity"),
        context=declares(),
    ),
    Case("VMs not listed", Outcome.UNKNOWN, gaps={"vms": Cause.ACCESS_DENIED}, cause=Cause.ACCESS_DENIED),
)
