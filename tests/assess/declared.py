"""A context that declares a bit of everything about a cluster CL01, as it is written down and as it is read."""

from __future__ import annotations

from typing import Final

from hypervigil.assess.context_file import parse_context

TEXT: Final = """\
clusters = ["CL01"]
tenancy = "multi"
expected_nodes = ["HV01", "hv02.contoso.com"]
admin_groups = ['CONTOSO\\HV-Admins', "S-1-5-21-1-2-3-1105"]
local_kdc_needed = false

[[networks]]
name = "Management"
purposes = ["management"]
subnets = ["10.1.0.0/24", "fd00:1::/64"]
vlans = [10]

[[networks]]
purposes = ["cluster", "live_migration"]
subnets = ["10.20.30.0/24"]
isolated = true

[[networks]]
purposes = ["storage"]
vlans = [71, 72]

[[networks]]
name = "Customers"
purposes = ["tenant"]
subnets = ["172.16.0.0/12"]
vlans = [100]
isolated = false

[[networks]]
purposes = ["untrusted"]
subnets = ["192.0.2.0/24"]

[[jump_hosts]]
name = "PAW01"
kind = "paw"
addresses = ["10.9.0.5"]

[[jump_hosts]]
name = "JUMP01"
kind = "jump_host"
addresses = ["10.9.1.0/28", "fd00:9::5"]

[[wac_gateways]]
name = "WAC01"
addresses = ["10.9.0.9"]
port = 443
authentication = "entra_conditional_access"

[[tier0_guests]]
vm = "DC01"
role = "domain_controller"

[[tier0_guests]]
vm = "{0F0E0D0C-0B0A-4908-8706-050403020100}"

[[smb_endpoints]]
host = "nas01.contoso.com"
can_sign = true

[[smb_endpoints]]
host = "nas01.contoso.com"
port = 8445

[[edr]]
product = "Sensor of the house"
services = ["SensorSvc", "SensorHelper"]

[backup]
product = "Backups of the house"
shielded_vms = "agent_in_guest"

[logs]
destinations = ["wec01.contoso.com"]
agents = ["ShipperSvc"]
kept_days = 365
required_days = 180
on_host_days = 7

[shielding]
separate_owners = true
host_access = ["Appliance01"]
hgs_nodes = ["hgs01", "hgs02", "hgs03"]
fallback_tested = true

[[shielding.key_copies]]
thumbprint = "00112233445566778899AABBCCDDEEFF00112233"
kept_at = "Safe in the other building"
expires = 2030-01-31
"""

DECLARED: Final = parse_context(TEXT.encode(), "context.toml")
