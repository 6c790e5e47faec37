"""What a text of a fact holds, as far as that matters to whom a bundle may be shown."""

from __future__ import annotations

import enum


class Kind(enum.Enum):
    """What becomes of a text when a bundle is redacted. There is no kind for "unknown": a text that nobody declared is
    handled as ``TEXT``.

    ``PUBLIC``        words of Windows, of firmware, of a standard: kept as they are.
    ``LABEL``         what Windows, a vendor or an administrator calls a thing that identifies nobody (a service, a
                      rule, a product): kept, but names that the bundle holds elsewhere, and addresses, are replaced.
    ``QUERY``         a query of the event log or what became of one, in XML: likewise, but names of channels and of
                      Windows' own providers stay, whatever a VM is called.
    ``TEXT``          prose, such as a message: likewise, and where a word is then left that is not of a closed list,
                      the text is dropped as a whole.
    ``HOST``          a computer's name, short or with its domain, with wildcards; an address where one stands for it.
    ``DOMAIN``        a DNS or NetBIOS name of a domain, or a workgroup's.
    ``CLUSTER``       a cluster's name.
    ``VM``, ``SWITCH``, ``NETWORK``, ``RESOURCE``, ``VOLUME``, ``SHARE``, ``SITE``, ``GUARDIAN``
                      a name of such a thing; ``RESOURCE`` is a group (role) or resource of the cluster.
    ``ACCOUNT``       a user or group: alone, with a domain before it, or as user principal name; a SID where one stands
                      for it.
    ``SID``           a security identifier; a name where it could not be translated.
    ``SDDL``          a security descriptor.
    ``GUID``          an identifier of this cluster, of one of its VMs, switches ...; not of Windows.
    ``ADDRESS``       an IP address, subnet or range, a list of them, or a word that stands for some; a MAC address.
    ``MAC``           a MAC address in any of its spellings.
    ``STORAGE_NAME``  a name of an initiator or target: IQN, EUI, WWN.
    ``THUMBPRINT``    a digest of a certificate, in hexadecimal.
    ``DN``            a distinguished name: of a certificate or of an object in the directory.
    ``SPN``           a service principal name.
    ``ENDPOINT``      ``host:port/transport``.
    ``URL``           a URL, or settings with URLs in them.
    ``PATH``          a path of Windows.
    """

    PUBLIC = "public"
    LABEL = "label"
    QUERY = "query"
    TEXT = "text"
    HOST = "host"
    DOMAIN = "domain"
    CLUSTER = "cluster"
    VM = "vm"
    SWITCH = "switch"
    NETWORK = "network"
    RESOURCE = "resource"
    VOLUME = "volume"
    SHARE = "share"
    SITE = "site"
    GUARDIAN = "guardian"
    ACCOUNT = "account"
    SID = "sid"
    SDDL = "sddl"
    GUID = "guid"
    ADDRESS = "address"
    MAC = "mac"
    STORAGE_NAME = "storage_name"
    THUMBPRINT = "thumbprint"
    DN = "dn"
    SPN = "spn"
    ENDPOINT = "endpoint"
    URL = "url"
    PATH = "path"
