"""Words that a message may keep when a bundle is redacted: ordinary ones, and those of the register of facts."""

from __future__ import annotations

import functools
import re

from hypervigil.evidence.register import FACTS
from hypervigil.model.outcome import Cause

_WORD = re.compile(r"\w+")

_ORDINARY = """
a about above access account action active adapter add added admin administrator administrators after again all allowed
already also an and another any archive are argument array as asked at attempt authentication authorization available
back bad be because been before began begin being below between bit both broken but by bytes call called caller can
cannot canceled cancelled cause certain certificate changed character characters class client close closed cluster code
collected collection column command communication complete completed computer condition configuration configured
conflict connect connected connection contact contain contained container contains content contents context control
convert converted could created credentials current damaged data date deadline default denied depth device did differ
different digest directory disabled disk do document documents does domain done due during each either elevated else
empty enabled end ended ends entries entry enough enumerate error errors event events every exception executing exist
existing exists exit expected export exported extension fact facts failed fails failure feature field fields file files
finished first folder follow following for format found from full function gave get give given gives given group had
handle has have header held here hex hidden hklm hold holds host hosts hour hours id if import in incomplete index
information input instance instead integer internal interrupted invalid invocation is it item items its itself json key
keys kind know known lacks last later least left length less level limit limited line lines list listed lists local
locked log logged longer long made make manifest many matching member members memory message method minute minutes
missing mode module modules moment month more most mount moved much must name named names namespace native needed needs
nested network never new newer no node nodes none nor not nothing null number numbers object objects of off old older on
once one only open opened operation option or order other others out output over own package parameter parent parse
parsed part partly parts path paths permission permissions place plain please policy possible previous privilege
privileges problem process program properties property protocol provider query reached read reader reading reads ready
reason received record records refused registry release remote remove removed repeated reply reports request requested
required requires resource response restart result results retry returned right rights role rpc run running runs said
same says script second seconds section security see seen select send sent server service session set several share
short should side size skipped so some something source space specified standard start started state stated status still
stop stopped storage store stream string strings structure subject such support supported syntax system table take taken
takes task temporary term text than that the their them then there these they thing this those though three through time
timed timeout times to too took total transport tried true truncated trusted two type types unavailable under unexpected
unicode unit unknown unless unreadable unsupported until up updated usable use used user uses utf valid value values
verify version versions very virtual volume wait waiting want was wanted way were what when where whether which while
who whole why wide will window windows winrm wmi with within without word words work workgroup write written wrong xml
year years yes yet you zip zone
additional addresses alone among answer answered answers apart archive archives ask assess automation belong belongs
beside bits blank booted bundle bundles case catch categories changes clusters codes collections collectors come comes
compare copy counts cover covers definition digests disagree domains elevation environment evidence exports false
filters find folders four gap gather go how hresult inside installed installs into job join keeps kept larger largest
lead leads leave leaves lengths lie lies link listing live location logs looked lost lower maintenance management may
mean merge merged milliseconds moves need newest note now ones ordered original our owners packed page passed perhaps
prefix private processes promises protectors put puts raises rather register regular releases remark replace resources
rest row rule save say show shown sign signature signed specification stands states stops symbolic tables test texts
together told trusts try twice unpack unpacked warnings well wherever whose writes
includehgsclient language
allsync nosync nt5ds
clixml cim csv dcom dll dns evtx guid hresult http https ip ldap mib ns ntlm null powershell psobject sddc sddl sha
smb soap sql tcp tls udp uri url vm vms wsman x
hypervigil collect derived synthetic collector flaw snippet
"""


@functools.cache
def plain_words() -> frozenset[str]:
    """All of them, case folded."""
    words = set(_ORDINARY.split()) | {cause.value for cause in Cause}
    for fact in FACTS:
        info = fact.INFO
        for text in (info.name, info.title, *fact.__struct_fields__):
            words.update(_WORD.findall(text))
        for read in info.reads:
            words.update(_WORD.findall(read.command.replace("-", "")))
            for text in (read.command, *read.properties, *read.shapes):
                words.update(_WORD.findall(text))
            for value in read.registry:
                words.update(_WORD.findall(f"{value.field} {value.key} {value.name}"))
            for events in read.events:
                words.update(_WORD.findall(f"{events.log} {events.provider} {' '.join(events.fields)}"))
    split = {part for word in words for part in word.split("_") if part}
    return frozenset(word.casefold() for word in words | split)


@functools.cache
def known_commands() -> frozenset[str]:
    """Every command that the register names."""
    return frozenset(read.command for fact in FACTS for read in fact.INFO.reads if read.command)
