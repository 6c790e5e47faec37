"""What ``context.toml`` can not say, in the exact words of the errors."""

from __future__ import annotations

import pytest

from hypervigil.assess.context_file import parse_context
from hypervigil.formats.toml_text import TomlInputError

SEVERAL = "a network of several purposes is one entry that names them all."
NET = '[[networks]]\npurposes = ["storage"]\n'
OTHER = '[[networks]]\npurposes = ["tenant"]\n'

BAD = (
    # Keys and closed sets
    (
        "tenancie = 'single'",
        (
            "c.toml:1: tenancie: this key is not known; expected one of clusters, tenancy, expected_nodes, "
            "admin_groups, local_kdc_needed, networks, jump_hosts, wac_gateways, tier0_guests, smb_endpoints, "
            "edr, backup, logs, shielding. Did you mean tenancy?"
        ),
    ),
    (
        "tenancy = 'several'",
        'c.toml:1: tenancy: "several" is not possible; expected one of single, multi, regulated.',
    ),
    (
        "[logs]\nkept = 365",
        (
            "c.toml:2: logs.kept: this key is not known; expected one of destinations, agents, kept_days, "
            "required_days, on_host_days."
        ),
    ),
    ("local_kdc_needed = 'no'", "c.toml:1: local_kdc_needed: this is a text; expected true or false, without quotes."),
    ("logs = 'wec01'", "c.toml:1: logs: this is a text; expected a table that begins with [logs]."),
    ("[networks]\n", "c.toml:1: networks: this is a table; expected entries that begin with [[networks]]."),
    # Names
    ("clusters = ['CL*']", "c.toml:1: clusters[1]: CL* is a pattern; expected one name. Write one entry for each."),
    (
        "expected_nodes = ['HV01',\n'hv01']",
        "c.toml:2: expected_nodes[2]: hv01 is there twice, first at c.toml:1. Take one out.",
    ),
    ("expected_nodes = ['']", "c.toml:1: expected_nodes[1]: the text is empty. Fill it in, or take it out."),
    (
        "expected_nodes = 'HV01'",
        'c.toml:1: expected_nodes: this is a text; expected a list of texts, such as ["HV01"].',
    ),
    (
        'expected_nodes = ["a\\u202eb"]',
        "c.toml:1: expected_nodes[1]: this can not be a name; expected up to 255 printable characters.",
    ),
    (
        "admin_groups = ['ok',\n'S-1-5-x']",
        r"c.toml:2: admin_groups[2]: S-1-5-x is no SID; expected S-1-5-21-..., or a name such as CONTOSO\HV-Admins.",
    ),
    (
        "admin_groups = 1",
        r'c.toml:1: admin_groups: this is a number; expected a list of texts, such as ["CONTOSO\\HV-Admins"].',
    ),
    # Networks
    (
        "[[networks]]\nsubnets = ['10.1.0.0/24']",
        (
            "c.toml:1: networks[1].purposes: it is not said what this network is for; expected at least one of "
            "management, cluster, live_migration, storage, tenant, untrusted."
        ),
    ),
    (
        "[[networks]]\npurposes = ['storage',\n'migration']",
        (
            'c.toml:3: networks[1].purposes[2]: "migration" is not possible; expected one of management, cluster, '
            "live_migration, storage, tenant, untrusted. Did you mean live_migration?"
        ),
    ),
    (
        NET,
        "c.toml:1: networks[1]: neither subnets nor vlans are there. Say by which of them the network is known.",
    ),
    (
        NET + "subnets = ['10.1.0.0']",
        (
            "c.toml:3: networks[1].subnets[1]: 10.1.0.0 has no prefix length; expected a subnet such as "
            "10.20.30.0/24 or fd00:20::/64."
        ),
    ),
    (
        NET + "subnets = ['10.1.0.5/24']",
        (
            "c.toml:3: networks[1].subnets[1]: 10.1.0.5/24 is an address in a subnet; expected the subnet itself. "
            "Did you mean 10.1.0.0/24?"
        ),
    ),
    *(
        (
            f"{NET}subnets = ['{wrong}']",
            (
                f"c.toml:3: networks[1].subnets[1]: {wrong} is no subnet; expected a subnet such as 10.20.30.0/24 or "
                "fd00:20::/64."
            ),
        )
        for wrong in (
            "10.1.0.0/33",
            "10.1.0/24",
            "10.1.0.0/255.255.255.0",
            "10.1.0.0/0.0.0.255",
            "fe80::1%eth0/64",
            "x/8",
        )
    ),
    (
        NET + "subnets = ['0.0.0.0/0']",
        (
            "c.toml:3: networks[1].subnets[1]: 0.0.0.0/0 has every address; expected a subnet such as 10.20.30.0/24 or "
            "fd00:20::/64."
        ),
    ),
    (
        NET + "subnets = ['10.1.0.0/24',\n'10.1.0.0/24']",
        f"c.toml:4: networks[1].subnets[2]: 10.1.0.0/24 is there twice, first at c.toml:3. Take one out; {SEVERAL}",
    ),
    (
        NET + "subnets = ['10.1.0.0/24']\n" + OTHER + "subnets = ['10.1.0.0/24']",
        f"c.toml:6: networks[2].subnets[1]: 10.1.0.0/24 is there twice, first at c.toml:3. Take one out; {SEVERAL}",
    ),
    (
        NET + "subnets = ['10.1.4.0/24']\n" + OTHER + "subnets = ['172.16.0.0/12', '10.1.0.0/16']",
        (
            "c.toml:6: networks[2].subnets[2]: 10.1.0.0/16 (tenant) overlaps 10.1.4.0/24 (storage) at c.toml:3. "
            f"Mend one; {SEVERAL}"
        ),
    ),
    (
        NET + "subnets = ['fd00::/32']\n" + OTHER + "subnets = ['fd00:0:7::/48']",
        (
            "c.toml:6: networks[2].subnets[1]: fd00:0:7::/48 (tenant) overlaps fd00::/32 (storage) at c.toml:3. "
            f"Mend one; {SEVERAL}"
        ),
    ),
    (
        NET + "vlans = 20",
        "c.toml:3: networks[1].vlans: this is a number; expected a list of numbers, such as [10, 20].",
    ),
    *(
        (
            f"{NET}vlans = [20, {vlan}]",
            f"c.toml:3: networks[1].vlans[2]: {vlan} is out of range; expected a whole number from 1 to 4094.",
        )
        for vlan in (0, 4095, -1)
    ),
    (
        NET + "vlans = [true]",
        "c.toml:3: networks[1].vlans[1]: this is true or false; expected a whole number from 1 to 4094.",
    ),
    (NET + "vlans = [20, 20]", "c.toml:3: networks[1].vlans[2]: VLAN 20 is there twice. Take one out."),
    (
        "[[networks]]\npurposes = ['untrusted']\nvlans = [9]\nisolated = true",
        (
            "c.toml:4: networks[1].isolated: a network is either isolated or untrusted. Split the entry, or "
            "take one of the two out."
        ),
    ),
    # Hosts
    (
        "[[jump_hosts]]\nname = 'PAW01'",
        "c.toml:1: jump_hosts[1].kind: this key is missing; expected a text in quotes. Add it.",
    ),
    (
        "[[jump_hosts]]\nkind = 'paw'",
        "c.toml:1: jump_hosts[1].name: this key is missing; expected a text in quotes. Add it.",
    ),
    (
        "[[jump_hosts]]\nname = 'A'\nkind = 'paw'\naddresses = ['10.1.0.300']",
        (
            "c.toml:4: jump_hosts[1].addresses[1]: 10.1.0.300 is no address; expected an address such as "
            "10.20.30.5, or a subnet."
        ),
    ),
    (
        "[[jump_hosts]]\nname = 'A'\nkind = 'paw'\naddresses = ['fe80::1%3']",
        (
            "c.toml:4: jump_hosts[1].addresses[1]: fe80::1%3 is no address; expected an address such as "
            "10.20.30.5, or a subnet."
        ),
    ),
    (
        "[[jump_hosts]]\nname = 'A'\nkind = 'paw'\naddresses = ['10.1.0.5', '10.1.0.5/32']",
        "c.toml:4: jump_hosts[1].addresses[2]: 10.1.0.5/32 is there twice. Take one out.",
    ),
    (
        "[[jump_hosts]]\nname = 'A'\nkind = 'paw'\n[[jump_hosts]]\nname = 'a'\nkind = 'jump_host'",
        "c.toml:4: jump_hosts[2]: a is there twice, first at c.toml:1. Take one out.",
    ),
    (
        "[[wac_gateways]]\nname = 'W'\nport = 70000",
        "c.toml:3: wac_gateways[1].port: 70000 is out of range; expected a whole number from 1 to 65535.",
    ),
    (
        "[[wac_gateways]]\nname = 'W'\nauthentication = 'entra_id'",
        (
            'c.toml:3: wac_gateways[1].authentication: "entra_id" is not possible; expected one of windows, entra, '
            "entra_conditional_access. Did you mean entra?"
        ),
    ),
    (
        "[[smb_endpoints]]\nhost = 'nas'\n[[smb_endpoints]]\nhost = 'NAS'\nport = 445",
        "c.toml:3: smb_endpoints[2]: NAS, port 445, is there twice, first at c.toml:1. Take one out.",
    ),
    # Guests and products
    (
        "[[tier0_guests]]\nvm = 'DC01'\nrole = 'dc'",
        (
            'c.toml:3: tier0_guests[1].role: "dc" is not possible; expected one of domain_controller, '
            "certificate_authority, host_guardian_service, other."
        ),
    ),
    (
        "[[edr]]\nproduct = 'Sensor'",
        (
            "c.toml:1: edr[1].services: it is not said by which services the product is known; expected a list such as "
            '["Sense"].'
        ),
    ),
    ("[backup]\n", "c.toml:1: backup.product: this key is missing; expected a text in quotes. Add it."),
    (
        "[logs]\nkept_days = 0",
        "c.toml:2: logs.kept_days: 0 is out of range; expected a whole number from 1 to 36500.",
    ),
    (
        "[logs]\nkept_days = 1.5",
        "c.toml:2: logs.kept_days: this is a number; expected a whole number from 1 to 36500.",
    ),
    (
        "[[shielding.key_copies]]\nthumbprint = 'AB'\nkept_at = 'safe'",
        "c.toml:2: shielding.key_copies[1].thumbprint: AB is no thumbprint; expected 40 hex digits (SHA-1).",
    ),
    (
        f"[[shielding.key_copies]]\nthumbprint = '{'A' * 40}'",
        "c.toml:1: shielding.key_copies[1].kept_at: this key is missing; expected a text in quotes. Add it.",
    ),
    (
        f"[[shielding.key_copies]]\nthumbprint = '{'A' * 40}'\nkept_at = 'safe'\nexpires = '2030'",
        (
            "c.toml:4: shielding.key_copies[1].expires: this is a text; expected a date without quotes, such as "
            "2027-03-31."
        ),
    ),
)


@pytest.mark.parametrize(("text", "message"), BAD, ids=[text[:48] for text, _ in BAD])
def test_what_is_wrong_is_said_with_its_place(text: str, message: str) -> None:
    with pytest.raises(TomlInputError) as caught:
        parse_context(text.encode(), "c.toml")
    assert str(caught.value) == message
