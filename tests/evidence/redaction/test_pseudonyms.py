"""What becomes of a text of each kind."""

from __future__ import annotations

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypervigil.evidence.redaction.kinds import Kind
from hypervigil.evidence.redaction.text import REDACTED
from tests.evidence.redaction.tools import Tools

GUID = "0b9e2ad1-52ac-4a61-8a4c-3f2f6a1c77aa"
SID = "S-1-5-21-1004336348-1177238915-682003330"

KEPT = [
    (Kind.ACCOUNT, "NT AUTHORITY\\SYSTEM"),
    (Kind.ACCOUNT, "LocalSystem"),
    (Kind.ACCOUNT, "BUILTIN\\Administrators"),
    (Kind.ACCOUNT, "NT SERVICE\\TrustedInstaller"),
    (Kind.ACCOUNT, ".\\Administrator"),
    (Kind.ACCOUNT, "CLIUSR"),
    (Kind.ACCOUNT, ""),
    (Kind.SID, "S-1-5-18"),
    (Kind.SID, "S-1-5-32-544"),
    (Kind.SID, "*S-1-5-32-578"),
    (Kind.SID, "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"),
    (Kind.SID, "S-1-1-0"),
    (Kind.SID, "S-1-5-113"),
    (Kind.SID, "S-1-16-12288"),
    (Kind.GUID, "00000000-0000-0000-0000-000000000000"),
    (Kind.GUID, "1"),
    (Kind.HOST, "localhost"),
    (Kind.HOST, "*"),
    (Kind.HOST, "<local>"),
    (Kind.HOST, "127.0.0.1"),
    (Kind.HOST, "Local CMOS Clock"),
    (Kind.DOMAIN, "WORKGROUP"),
    (Kind.ADDRESS, "Any"),
    (Kind.ADDRESS, "LocalSubnet"),
    (Kind.ADDRESS, "*"),
    (Kind.ADDRESS, "0.0.0.0"),
    (Kind.ADDRESS, "0.0.0.0/0"),
    (Kind.ADDRESS, "::"),
    (Kind.ADDRESS, "::1"),
    (Kind.ADDRESS, "127.0.0.1,169.254.1.7"),
    (Kind.ADDRESS, "224.0.0.251"),
    (Kind.ADDRESS, "fe80::1c2b:3a4f:5e6d:7a8b%12"),
    (Kind.ADDRESS, "255.255.255.255"),
    (Kind.MAC, "00-00-00-00-00-00"),
    (Kind.SHARE, "C$"),
    (Kind.SHARE, "IPC$"),
    (Kind.SHARE, "SYSVOL"),
    (Kind.RESOURCE, "Cluster Group"),
    (Kind.SITE, "Default-First-Site-Name"),
    (Kind.GUARDIAN, "UntrustedGuardian"),
    (Kind.PATH, "C:"),
    (Kind.PATH, "C:\\ClusterStorage\\Volume1"),
    (Kind.PATH, "C:\\Windows\\System32\\svchost.exe"),
    (Kind.PATH, "C:\\Program Files\\Acme Backup\\agent.exe"),
    (Kind.PATH, "\\Device\\HarddiskVolume3\\Windows\\System32\\drivers\\x.sys"),
    (Kind.PATH, "%SystemRoot%\\System32\\lsass.exe"),
    (Kind.PATH, "C:\\Users\\Public"),
    (Kind.DN, "CN=Users"),
    (Kind.LABEL, "RemoteDesktop-UserMode-In-TCP"),
    (Kind.LABEL, "@FirewallAPI.dll,-28502"),
    (Kind.TEXT, "Access is denied."),
    (Kind.TEXT, "the source holds nothing about it"),
    (Kind.TEXT, "Get-VMHost: timed out after 30 seconds (0x80070005)"),
]


@pytest.mark.parametrize(("kind", "text"), KEPT)
def test_what_is_windows_own_stays(kind: Kind, text: str) -> None:
    assert Tools().of(kind, text) == text


REPLACED = [
    (Kind.HOST, "HV01", "host0001"),
    (Kind.HOST, "HV01.contoso.com", "host0001.dom0001.dom0002"),
    (Kind.HOST, "hv01.contoso.com.", "host0001.dom0001.dom0002."),
    (Kind.HOST, "\\\\HV01", "\\\\host0001"),
    (Kind.HOST, "HV01:5986", "host0001:5986"),
    (Kind.HOST, "*.contoso.com", "*.dom0001.dom0002"),
    (Kind.HOST, "hv*", "host0002*"),
    (Kind.HOST, "dc7.contoso.com,0x8", "host0002.dom0001.dom0002,0x8"),
    (Kind.DOMAIN, "CONTOSO", "dom0001"),
    (Kind.DOMAIN, "corp.contoso.com", "dom0003.dom0001.dom0002"),
    (Kind.VM, "Web Server [1]", "vm0001"),
    (Kind.VM, "hv01", "host0001"),
    (Kind.ACCOUNT, "CONTOSO\\alice", "dom0001\\user0001"),
    (Kind.ACCOUNT, "CONTOSO\\Domain Admins", "dom0001\\Domain Admins"),
    (Kind.ACCOUNT, "alice@contoso.com", "user0001@dom0001.dom0002"),
    (Kind.ACCOUNT, "HV01$", "host0001$"),
    (Kind.ACCOUNT, "CONTOSO\\gmsa$", "dom0001\\user0001$"),
    (Kind.ACCOUNT, ".\\bob", ".\\user0001"),
    (Kind.ACCOUNT, "HV01\\Administrator", "host0001\\Administrator"),
    (Kind.SHARE, "Profiles$", "share0001$"),
    (Kind.SHARE, "\\\\*\\Profiles", "\\\\*\\share0001"),
    (Kind.SPN, "HOST/hv01.contoso.com", "HOST/host0001.dom0001.dom0002"),
    (Kind.SPN, "MSSQLSvc/hv01:1433", "MSSQLSvc/host0001:1433"),
    (Kind.SPN, "Microsoft Virtual System Migration Service/HV01",
     "Microsoft Virtual System Migration Service/host0001"),
    (Kind.SPN, "ldap/hv01.contoso.com/CONTOSO", "ldap/host0001.dom0001.dom0002/dom0001"),
    (Kind.ENDPOINT, "hv01.contoso.com:445/tcp", "host0001.dom0001.dom0002:445/tcp"),
    (Kind.DN, "CN=hv01.contoso.com", "CN=host0001.dom0001.dom0002"),
    (Kind.DN, "CN=HV01,CN=Computers,DC=contoso,DC=com", "CN=host0001,CN=Computers,DC=dom0001,DC=dom0002"),
    (Kind.DN, 'CN=x\\, y, O="Acme, Ltd"', "CN=name0001, O=name0002"),
    (Kind.DN, "CN=Shielded VM Encryption Certificate (UntrustedGuardian) (HV01)",
     "CN=Shielded VM Encryption Certificate (UntrustedGuardian) (host0001)"),
    (Kind.URL, "https://hv01.contoso.com:8443/Attestation", "https://host0001.dom0001.dom0002:8443/Attestation"),
    (Kind.URL, "http://alice:secret@HV01/x?token=1", "http://host0001/x"),
    (Kind.URL, "Server=http://hv01:5985/wsman/WEC,Refresh=60", "Server=http://host0001:5985/wsman/WEC,Refresh=60"),
    (Kind.PATH, "C:\\Users\\alice\\Desktop", "C:\\Users\\user0001\\Desktop"),
    (Kind.PATH, "C:\\ClusterStorage\\Gold\\HV01\\disk.vhdx", "C:\\ClusterStorage\\volume0001\\host0001\\name0001.vhdx"),
    (Kind.PATH, "\\\\HV01\\Profiles\\alice", "\\\\host0001\\share0001\\name0001"),
    (Kind.PATH, "D:/Secret/HV01", "D:/name0001/host0001"),
    (Kind.LABEL, "BackupHV01Daily", "Backuphost0001Daily"),
    (Kind.LABEL, "Rule for hv01_backup and 'HV01.contoso.com'",
     "Rule for host0001_backup and 'host0001.dom0001.dom0002'"),
    (Kind.LABEL, "via dc7.contoso.com", "via host0002.dom0001.dom0002"),
    (Kind.TEXT, "HV01: Access is denied.", "host0001: Access is denied."),
    (Kind.TEXT, "CONTOSO\\alice has no access", "dom0001\\user0001 has no access"),
    (Kind.TEXT, "Zugriff verweigert", REDACTED),
    (Kind.TEXT, "no answer from SECRETHOST", REDACTED),
    (Kind.RESOURCE, "SQL role", "resource0001"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "expected"), REPLACED)
def test_what_is_not_is_replaced_and_keeps_its_form(kind: Kind, text: str, expected: str) -> None:
    met = ((Kind.HOST, "hv01.contoso.com"),)
    assert Tools(*met).of(kind, text) == expected


def test_numbers_keep_their_form() -> None:
    tools = Tools()
    for kind, text, form in (
        (Kind.SID, f"{SID}-1105", r"S-1-5-21-\d+-\d+-\d+-1105"),
        (Kind.SID, f"*{SID}-500", r"\*S-1-5-21-\d+-\d+-\d+-500"),
        (Kind.GUID, GUID.upper(), r"[0-9a-f-]{36}"),
        (Kind.GUID, f"Microsoft:{GUID}\\{GUID}", r"Microsoft:([0-9a-f-]{36})\\\1"),
        (Kind.MAC, "00-15-5D-0A-0B-0C", r"02(-[0-9A-F]{2}){5}"),
        (Kind.MAC, "00155d0a0b0c", r"02[0-9a-f]{10}"),
        (Kind.MAC, "0015.5d0a.0b0c", r"02[0-9a-f]{2}(\.[0-9a-f]{4}){2}"),
        (Kind.THUMBPRINT, "A" * 40, r"[0-9A-F]{40}"),
        (Kind.DN, "a" * 64, r"[0-9a-f]{64}"),
        (Kind.STORAGE_NAME, "iqn.1991-05.com.microsoft:hv01.contoso.com", r"iqn\.1991-05\.com\.microsoft:[0-9a-f]{16}"),
        (Kind.STORAGE_NAME, "50:01:43:80:12:34:56:78", r"[0-9a-f]{2}(:[0-9a-f]{2}){7}"),
        (Kind.SDDL, f"O:BAG:SYD:(A;;GA;;;{SID}-1105)", r"O:BAG:SYD:\(A;;GA;;;S-1-5-21-\d+-\d+-\d+-1105\)"),
        (Kind.ACCOUNT, f"NT VIRTUAL MACHINE\\{GUID}", r"NT VIRTUAL MACHINE\\[0-9a-f-]{36}"),
        (Kind.PATH, f"\\\\?\\Volume{{{GUID}}}\\", r"\\\\\?\\Volume\{[0-9a-f-]{36}\}\\"),
    ):
        made = tools.of(kind, text)
        assert re.fullmatch(form, made), (text, made)
        assert made.lower() != text.lower()


def test_a_sid_is_that_of_its_domain_and_a_vm_s_is_that_of_its_guid() -> None:
    tools = Tools()
    one, other = tools.of(Kind.SID, f"{SID}-500"), tools.of(Kind.SID, f"{SID}-1105")
    assert one.removesuffix("-500") == other.removesuffix("-1105") == tools.of(Kind.SID, SID)
    numbers = [int.from_bytes(uuid.UUID(GUID).bytes_le[at : at + 4], "little") for at in range(0, 16, 4)]
    made = tools.of(Kind.SID, f"S-1-5-83-1-{'-'.join(map(str, numbers))}")
    raw = b"".join(int(part).to_bytes(4, "little") for part in made.split("-")[-4:])
    assert str(uuid.UUID(bytes_le=raw)) == tools.of(Kind.GUID, GUID)


def test_an_identifier_inside_another_text_is_the_same_as_alone() -> None:
    tools = Tools()
    for kind, form, inner, alone in (
        (Kind.SDDL, "O:BAG:SYD:(A;;GA;;;{})", Kind.SID, f"{SID}-1105"),
        (Kind.GUID, "Microsoft:{}", Kind.GUID, GUID),
        (Kind.GUID, "{{{}}}", Kind.GUID, GUID),
        (Kind.PATH, "C:\\ClusterStorage\\{}", Kind.GUID, GUID),
        (Kind.DN, "CN={},CN=Policies", Kind.GUID, GUID),
        (Kind.DN, "CN={},CN=ForeignSecurityPrincipals", Kind.SID, f"{SID}-512"),
        (Kind.ACCOUNT, "NT VIRTUAL MACHINE\\{}", Kind.GUID, GUID),
        (Kind.URL, "https://{}:8443/x", Kind.ADDRESS, "10.1.2.3"),
        (Kind.ENDPOINT, "{}:445/tcp", Kind.ADDRESS, "10.1.2.3"),
        (Kind.HOST, "[{}]:5986", Kind.ADDRESS, "2001:db8::5"),
        (Kind.ADDRESS, "IP:{}", Kind.ADDRESS, "10.1.2.3"),
        (Kind.LABEL, "x ({})", Kind.MAC, "00-15-5D-0A-0B-0C"),
    ):
        assert tools.of(kind, form.format(alone)) == form.format(tools.of(inner, alone)), (kind, form)


def test_identifiers_and_addresses_are_found_in_text() -> None:
    tools = Tools()
    for kind, text in (
        (Kind.SID, f"{SID}-1105"),
        (Kind.GUID, GUID),
        (Kind.ADDRESS, "10.20.30.5"),
        (Kind.ADDRESS, "10.20.30.0/24"),
        (Kind.ADDRESS, "2001:db8::5"),
        (Kind.MAC, "00-15-5D-0A-0B-0C"),
        (Kind.THUMBPRINT, "AB" * 20),
    ):
        for sentence in ("{}", "for {}.", "({}): no", "a={};"):
            for into in (Kind.TEXT, Kind.LABEL):
                assert tools.of(into, sentence.format(text)) == sentence.format(tools.of(kind, text))


def test_times_versions_and_numbers_are_no_addresses() -> None:
    for text in ("12:30:45", "10.0.26100.1742", "port 445"):
        assert Tools().of(Kind.LABEL, text) == text


@pytest.mark.parametrize(
    "name", ["DC", "A", "a+b (test) [x]", "Ünïcödé-Straße", "日本語", "*", "\\d+", "(.*)", "$1", "--"]
)
@pytest.mark.parametrize("lasting", [False, True])
def test_any_name_is_replaced_in_text_where_a_word_begins_and_ends(name: str, lasting: bool) -> None:
    tools = Tools((Kind.VM, name), lasting=lasting)
    made = tools.of(Kind.VM, name)
    if name == "*":
        assert made == name  # a wildcard, not a name
        return
    assert tools.of(Kind.LABEL, f"see {name}, or '{name}'") == f"see {made}, or '{made}'"
    assert tools.of(Kind.LABEL, f"x{name.lower()} {name.upper()}") in (
        f"x{name.lower()} {made}",
        f"x{made} {made}",
        f"x{made} {name.upper()}",
        f"x{name.lower()} {name.upper()}",  # ß has no capital letter of its own
    )


def test_of_names_that_are_parts_of_each_other_the_longest_is_taken() -> None:
    tools = Tools((Kind.VM, "web"), (Kind.VM, "web01"), (Kind.VM, "web01-test"), (Kind.VM, "A"))
    assert tools.of(Kind.LABEL, "web web01 web01-test web01-prod A ABBA") == (
        "vm0001 vm0002 vm0003 vm0002-prod vm0004 ABBA"
    )


def test_no_pseudonym_is_a_name_that_was_there() -> None:
    tools = Tools((Kind.VM, "vm0002"), (Kind.VM, "x"), (Kind.VM, "vm0001"))
    made = [tools.of(Kind.VM, name) for name in ("vm0002", "x", "vm0001")]
    assert made == ["vm0003", "vm0004", "vm0005"]


def test_a_vm_called_like_a_service_does_not_take_the_service_away() -> None:
    tools = Tools((Kind.VM, "WinRM"), (Kind.VM, "TCP"))
    assert tools.of(Kind.LABEL, "WinRM") == "WinRM"
    assert tools.of(Kind.LABEL, "WINRM-HTTP-In-TCP") == "vm0001-HTTP-In-vm0002"


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(one=names, other=names, lasting=st.booleans())
def test_names_are_equal_without_case_exactly_where_they_were(one: str, other: str, lasting: bool) -> None:
    tools = Tools((Kind.VM, one), (Kind.HOST, other), lasting=lasting)
    made = tools.composed.named("vm", one), tools.composed.named("host", other)
    assert (made[0].casefold() == made[1].casefold()) is (one.casefold() == other.casefold())
    assert tools.composed.named("vm", one) == made[0]


@given(text=st.text(max_size=60), kind=st.sampled_from(list(Kind)))
def test_no_text_of_any_kind_raises(text: str, kind: Kind) -> None:
    if kind is not Kind.PUBLIC:
        Tools((Kind.HOST, "hv01.contoso.com")).of(kind, text)


@given(
    text=st.text("\\/.:@=,*-$[]{}%?aS150fhv", max_size=40),
    kind=st.sampled_from([kind for kind in Kind if kind is not Kind.PUBLIC]),
)
def test_nor_does_any_that_looks_composed(text: str, kind: Kind) -> None:
    Tools((kind if kind not in (Kind.TEXT, Kind.LABEL) else Kind.HOST, text)).of(kind, text)


def test_with_a_lasting_key_order_does_not_matter_and_another_key_gives_others() -> None:
    one = Tools((Kind.HOST, "a"), (Kind.VM, "b"), lasting=True)
    other = Tools((Kind.VM, "b"), (Kind.HOST, "c"), lasting=True)
    assert one.of(Kind.VM, "b") == other.of(Kind.HOST, "B")
    third = Tools((Kind.VM, "b"), lasting=True, key=b"another key of these")
    assert third.of(Kind.VM, "b") != one.of(Kind.VM, "b")
    assert third.of(Kind.GUID, GUID) != one.of(Kind.GUID, GUID)
