"""SMB-013: encryption and RDMA."""

from __future__ import annotations

from hypervigil.controls.smb import smb_013_encrypted_rdma as CONTROL_MODULE  # noqa: N812
from hypervigil.evidence.fact import Fact
from hypervigil.evidence.release import Release
from hypervigil.evidence.smb import Rdma, RdmaAdapter
from hypervigil.model.grading import Confidence
from hypervigil.model.outcome import Cause, Outcome
from hypervigil.synthetic import defaults
from tests.controls.case import Case

__all__ = ["CASES", "CONTROL_MODULE"]

RDMA = defaults.rdma("SMB1", "SMB2")


def node(release: Release, *, encrypts: bool | None = False, rdma: Rdma = RDMA) -> tuple[Fact, ...]:
    """A node of this release."""
    return defaults.operating_system(release), defaults.smb_server(release, encrypt_data=encrypts), rdma


OLD, OLD_ENCRYPTS = node(Release.WS2019), node(Release.WS2019, encrypts=True)
NEW, NEW_ENCRYPTS = node(Release.WS2022), node(Release.WS2022, encrypts=True)
NO_RDMA = defaults.rdma()
RDMA_OFF = Rdma(adapters=(RdmaAdapter(name="SMB1", enabled=False, operational=False),))
UNPLUGGED = Rdma(adapters=(RdmaAdapter(name="SMB1", enabled=True, operational=False),))

CASES = (
    Case("2022 encrypts over RDMA", Outcome.PASS, ("survives",), nodes={"HV01": NEW_ENCRYPTS, "HV02": NEW_ENCRYPTS}),
    Case(
        "2022 and 2025",
        Outcome.PASS,
        ("survives",),
        nodes={"HV01": NEW_ENCRYPTS, "HV02": node(Release.WS2025, encrypts=True)},
        confidence=Confidence.DOCUMENTED,
    ),
    Case("2019, RDMA, no encryption", Outcome.PASS, ("not_encrypted",), nodes={"HV01": OLD, "HV02": OLD}),
    Case(
        "2019 encrypts over RDMA",
        Outcome.FAIL,
        ("lost",),
        nodes={"HV01": OLD_ENCRYPTS, "HV02": OLD},
        says="encrypted by HV01, on a release",
        confidence=Confidence.DOCUMENTED,
    ),
    Case(
        "2016 and 2019 encrypt over RDMA",
        Outcome.FAIL,
        ("lost",),
        nodes={"HV01": node(Release.WS2016, encrypts=True), "HV02": OLD_ENCRYPTS},
        says="HV01, HV02",
    ),
    Case(
        "half-way through an upgrade: the new node encrypts, the old one has RDMA",
        Outcome.FAIL,
        ("lost_between",),
        nodes={"HV01": NEW_ENCRYPTS, "HV02": OLD},
        says="sessions with HV02",
        confidence=Confidence.INFERRED,
    ),
    Case(
        "half-way, both encrypt",
        Outcome.FAIL,
        ("lost", "lost_between"),
        nodes={"HV01": NEW_ENCRYPTS, "HV02": OLD_ENCRYPTS},
    ),
    Case(
        "half-way, the old node has no RDMA",
        Outcome.PASS,
        ("survives",),
        nodes={"HV01": NEW_ENCRYPTS, "HV02": node(Release.WS2019, encrypts=True, rdma=NO_RDMA)},
    ),
    Case(
        "half-way, the encrypting new node has no RDMA",
        Outcome.PASS,
        ("not_encrypted",),
        nodes={"HV01": node(Release.WS2022, encrypts=True, rdma=NO_RDMA), "HV02": OLD},
    ),
    Case(
        "2019 encrypts, RDMA switched off",
        Outcome.NOT_APPLICABLE,
        ("no_rdma",),
        nodes={"HV01": node(Release.WS2019, encrypts=True, rdma=RDMA_OFF)},
    ),
    Case(
        "2019 encrypts, no RDMA adapters",
        Outcome.NOT_APPLICABLE,
        ("no_rdma",),
        nodes={"HV01": node(Release.WS2019, encrypts=True, rdma=NO_RDMA)},
    ),
    Case(
        "2019 encrypts, RDMA switched on and unplugged",
        Outcome.FAIL,
        ("lost",),
        nodes={"HV01": node(Release.WS2019, encrypts=True, rdma=UNPLUGGED)},
    ),
    Case(
        "2019 whose source leaves EncryptData out",
        Outcome.UNKNOWN,
        ("encryption_unseen",),
        nodes={"HV01": node(Release.WS2019, encrypts=None), "HV02": OLD},
        says="whether SMB is encrypted by HV01.",
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "the new node's EncryptData is left out, next to an old one",
        Outcome.UNKNOWN,
        ("encryption_unseen",),
        nodes={"HV01": node(Release.WS2022, encrypts=None), "HV02": OLD},
        cause=Cause.NOT_IN_SOURCE,
    ),
    Case(
        "left out where it does not matter",
        Outcome.PASS,
        ("survives",),
        nodes={"HV01": node(Release.WS2022, encrypts=None), "HV02": NEW},
    ),
    Case(
        "left out on one, failing on the other",
        Outcome.FAIL,
        ("lost",),
        nodes={"HV01": node(Release.WS2019, encrypts=None), "HV02": OLD_ENCRYPTS},
    ),
    Case(
        "release of one node missing: no PASS",
        Outcome.UNKNOWN,
        ("release_unseen",),
        nodes={"HV01": NEW_ENCRYPTS, "HV02": NEW_ENCRYPTS},
        gaps={"operating_system@HV02": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
    ),
    Case(
        "release of the encrypting node missing: whichever it is, sessions with the old one lose",
        Outcome.FAIL,
        ("lost_between",),
        nodes={"HV01": OLD_ENCRYPTS, "HV02": OLD},
        gaps={"operating_system@HV01": Cause.TIMED_OUT},
    ),
    Case(
        "release of the only encrypting node missing, no older one known",
        Outcome.UNKNOWN,
        ("release_unseen",),
        nodes={"HV01": OLD_ENCRYPTS, "HV02": NEW},
        gaps={"operating_system@HV01": Cause.TIMED_OUT},
        cause=Cause.TIMED_OUT,
        says="release of HV01 with RDMA",
    ),
    Case(
        "adapters of the only RDMA node missing: not NOT_APPLICABLE",
        Outcome.UNKNOWN,
        ("no_rdma",),
        nodes={"HV01": OLD_ENCRYPTS, "HV02": node(Release.WS2019, rdma=NO_RDMA)},
        gaps={"rdma@HV01": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "adapters of one node missing, the others are new enough",
        Outcome.UNKNOWN,
        ("survives",),
        nodes={"HV01": NEW_ENCRYPTS, "HV02": NEW_ENCRYPTS},
        gaps={"rdma@HV02": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
    Case(
        "configuration of one node missing: what fails stands",
        Outcome.FAIL,
        ("lost",),
        nodes={"HV01": OLD_ENCRYPTS, "HV02": OLD},
        gaps={"smb_server@HV02": Cause.ACCESS_DENIED},
    ),
    Case(
        "no configuration at all",
        Outcome.UNKNOWN,
        nodes={"HV01": OLD, "HV02": OLD},
        gaps={"smb_server": Cause.ACCESS_DENIED},
        cause=Cause.ACCESS_DENIED,
    ),
)
