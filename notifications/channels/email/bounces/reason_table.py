"""What mail servers say and what it means: one table, read from top to bottom, the first line that fits decides.

A line is a pattern for `re.search` over the answer in one line of small letters. `…` stands for up to four words,
`{WHO}` for the nouns below. The order carries meaning; each group says why it stands where it does. Nothing repeats
without a bound, so that no answer takes long to read.
"""

import re

from ....enums import BounceReason

_NOUNS = {
    "WHO": r"(?:user|recipient|address|addressee|mail ?box|inbox|account|customer|member|subscriber|alias|local[- ]?part)",
    "SENDER": r"(?:sender|mail ?from|envelope[- ]from|return[- ]path|from address|from header|originator)",
    "HOST": r"(?:host|domain|server|system|site|mx|hostname)",
    "MAIL": r"(?:message|mail|e-?mail|content|letter)",
    "NOT": r"(?:not|n't|never|no longer)",
}

CLEAR_WORDS: tuple[tuple[BounceReason, tuple[str, ...]], ...] = (
    # Two answers that hold the words of another reason: Exchange Online says "access denied" where there is no such
    # recipient, and a full disk of the server is not the recipient's fault.
    (
        BounceReason.UNKNOWN_USER,
        (
            r"recipient address rejected: access denied",
            r"5\.4\.1 …access denied",
            r"{WHO} (?:name )?(?:is )?not (?:listed|found) in",
        ),
    ),
    (
        BounceReason.EXPIRED,
        (
            r"insufficient (?:system )?(?:resources|system storage|disk space on)",
            r"(?:queue|spool|system|server) … (?:out of|no|low) … space",
            r"no space left on device",
            r"system (?:storage|disk|is) …full",
            r"(?:host|name service|name server|dns|lookup)[^.]{0,60}(?:try again|temporar|timed? ?out)",
            r"deferred: name server",
            r"grey-?list|gray-?list",
            r"(?:connection|connect|message|mail|send\w*|session) (?:frequency|rate) (?:is )?limit",
            r"too many (?:\S+ )?(?:connections|sessions|messages from|concurrent|mails from)",
        ),
    ),
    # The sender was refused, in words that otherwise tell of the recipient ("does not exist", "quota", "unknown").
    (
        BounceReason.BLOCKED_BY_PROVIDER,
        (
            r"(?:relay|sending|sender|hourly|daily|outgoing|outbound) … ?(?:quota|limit)",
            r"{SENDER}[^.;]{0,60}(?:not exist|not found|invalid|rejected|not resolve|unknown|blocked|denied|refused|listed|verif)",
            r"{SENDER} … (?:{NOT}|un)\S* ?(?:allowed|authori|permitted|accept|valid|deliverable|routable)",
            r"(?:unknown|invalid|unrout\w+|unresolvable|bad|forged|illegal|non-?existent) (?:\S+ )?{SENDER}",
            r"(?:domain|host) of sender",
            r"(?:verif\w+|validat\w+|resolv\w*|find|look ?up) … (?:{SENDER}|your (?:host|domain|ip|server|reverse|address)|client)",
            r"(?:sender|callback|callout|caller|call-?back) verif",
            r"(?:client host|helo|ehlo|sending (?:host|server|ip|mta))\b[^:]{0,80}(?:reject|denied|refused|blocked|{NOT} |invalid)",
            r"{NOT} (?:allowed|authori[sz]ed|permitted|accepted|able|have …permission) (?:to|for you to) (?:send|post|submit|mail|relay|contact|use)",
            r"permission … (?:send|post|submit|e?-?mail)",
            r"may not (?:exist, or you may not have permission|send|post)",
            r"(?:unauthenticated|anonymous|unauthori[sz]ed) (?:sender|e?-?mail|user|connection)",
            r"authentication (?:is )?required|requires? authentication|must (?:be )?authenticate",
            r"relay\w* (?:\S+ )?(?:denied|not|prohibited|refused|rejected|attempt|fail|block|quota)",
            r"(?:not|unable to|cannot|won't|refus\w+ to|denied|unauthori[sz]ed|insecure|no) … ?relay",
            r"resolver\.rst\.\S+|restrictedtorecipients|rst\.not(?:auth|forauth)|notauthorized",
        ),
    ),
    # How the sender proves itself: SPF, DKIM, DMARC, reverse DNS.
    (
        BounceReason.BLOCKED_BY_PROVIDER,
        (
            r"\bspf\b|sender policy framework|sender id\b",
            r"\bdkim\b|domainkeys",
            r"\bdmarc\b",
            r"authentication (?:check|information|result|fail)|fail\w* … ?authenticat",
            r"reverse[- ](?:dns|host|lookup|map|entry|record|ip)|\brdns\b|\bptr\b|in-addr\.arpa",
            r"(?:ip|client|your) … ?(?:lookup|resolv\w*) fail|unverif\w+ sending",
            r"dns (?:record|entry|name)s? (?:of|for|does not match) … ?(?:your|ip|client)",
        ),
    ),
    # Lists and reputation. The lists' own names, because often nothing else is said.
    (
        BounceReason.BLOCKED_BY_PROVIDER,
        (
            r"spamhaus|spamcop|sorbs\.net|barracudacentral|senderbase|senderscore|uceprotect|cloudmark|abusix",
            r"trustedsource|mailspike|invaluement|spfbl|backscatterer|surriel|njabl|mail-abuse|rfc-ignorant|hostkarma",
            r"sender\.office\.com|delist|\baup#|csi\.cloudmark|ipcheck\.proofpoint|talosintelligence",
            r"\b\w{0,10}(?:dnsbl|rbl|surbl|uribl|xbl|sbl|dnsrbl)\b",
            r"black-?\s?list|block-?\s?list|deny-?list|\(bl\)|\bblacklst",
            r"reputation|\bbanned\b|bad ip\b",
            r"\b(?:ip|client|host|server|network|domain|connection|mail|mails|e?-?mail|sender|service)\b[^.;:]{0,60}\b(?:is|was|has been|been|are|being) (?:\S+ )?(?:blocked|listed|refused)",
            r"(?:ip|client|e?-?mail|connection|mails?)s? (?:\S+ )?blocked|blocked (?:ip|by|using|for|due|because|from|see|with|at|-)|:blocked\b|block(?:ing|ed) (?:your|this) (?:ip|mail|server)",
            r"listed (?:at|in|on|by) ",
            r"unusual|suspicious|\babus(?:e|ive)\b|complaint",
            r"connections? (?:\S+ )?not accepted|not accepting connections|(?:no|not) … smtp service here|\bno smtp service",
        ),
    ),
    # What the mail holds. Before the mailbox, because a filter names the recipient too.
    (
        BounceReason.BLOCKED_BY_PROVIDER,
        (
            r"\bspam\w{0,4}\b(?! folder)|\bjunk ?(?:mail|e-?mail|message)|unsolicited|\bbulk (?:e?-?mail|message)|\bu[cb]e\b",
            r"\bvirus|viren|malware|phish|trojan|infected|\bworm\b|harmful|dangerous",
            r"(?:denied|rejected|refused|blocked|prohibited|not accepted|filtered|violat\w+|against|due to|because of|for|by|on) … ?polic(?:y|ies)\b",
            r"polic(?:y|ies) (?:\S+ )?(?:violation|reject|reason|restrict|denied|block|prohibit|filter|does not)|administrative prohibition",
            r"protocol (?:violation|error)|\brfc[- ]?\d*\b … ?(?:complian|violat|conform)|(?:violat\w+|not) … ?\brfc",
            r"multiple addresses in from|bare (?:lf|cr|newline)|(?:no|missing|invalid|duplicate\w*|bad|malformed|too (?:many|large)) (?:\S+ )?(?:header|from|message-id|mime)",
            r"(?:header|mime)\S* (?:error|too (?:large|long|many)|invalid|missing|malformed)|no resent-from",
            r"(?:attachment|executable|file (?:type|name|extension)|content|header|subject|body|link|url)s? … (?:{NOT} (?:allowed|accept|permit)|reject|refus|prohibit|forbidden|block|unaccept|filter|violat|denied)",
            r"(?:reject|refus|block|filter)\w* … (?:content|filter|rule|attachment|pattern|fingerprint|keyword)",
            r"(?:message|mail|e-?mail)s? (?:\S+ ){0,2}(?:looks like|resembl|appears to be|classified|scored|considered)",
            r"content (?:filter|reject|check|scan)|bayes|\bdce\b|mailguard|reply_reject|storedrv …filter",
        ),
    ),
    # The mailbox is full. Before the size of the mail ("exceeds the mailbox size") and before "unknown": some say
    # 5.1.1 or "mailbox unavailable" and the quota beside it.
    (
        BounceReason.MAILBOX_FULL,
        (
            r"(?:mail ?box|inbox|mail ?folder|mail ?drop|maildir|account|mail ?file|storage|{WHO}) … ?(?:is |are )?(?:full\b|overfull|filled)",
            r"full (?:mail ?box|inbox|mail ?folder)|mail ?box ?full",
            r"over[- _]?quota|\bover … ?(?:quota|storage limit|space limit|allocat|disk usage)",
            r"quota[- _:]{0,3}(?:\S+ ){0,3}(?:exceed|full|reached|violat|over|used up|limit|exhaust)|(?:exceed|reach|exhaust|out of|beyond|insufficient|violat)\w* … ?quota",
            r"quotaexceed|storequota|quota error|status=full|exceeded storage",
            r"exceed\w* … ?(?:storage|capacity|allocat|mail ?box (?:size|limit|space)|space|disk)",
            r"(?:insufficient|not enough|no|out of|lack of|low on|too little|less) … ?(?:storage|space|disk)\b",
            r"mail ?box … ?(?:exceed|size limit|limit (?:exceed|reach)|over limit|too (?:large|big)|capacity)",
            r"too (?:much|many) … ?(?:stored|in (?:his|her|their|your|the) (?:mail|inbox)|on this account|in mailbox)",
            r"(?:has|have) (?:reached|exceeded) (?:its|his|her|their|the) … ?(?:limit|quota|capacity)|would exceed|temporarily over|too full|mailbox space",
            r"(?:bo[iî]te|casella|buz[oó]n|caixa|postfach|schránka|skrzynka|briefkasten)[^.]{0,80}(?:pleine?\b|saturée?|piena|llen[oa]|cheia|voll\b|überfüllt|pełna|plná)",
            r"переполнен|満杯|一杯|いっぱい|容量|已满|已滿|空间不足|空間不足|저장",
        ),
    ),
    (
        BounceReason.MESSAGE_TOO_BIG,
        (
            r"(?:{MAIL}|attachment|body|data)s?\b[^.;]{0,50} (?:too (?:big|large|long)\b|larger than|bigger than|exceeds? )(?!.{0,15}(?:rate|time|queue))",
            r"(?:{MAIL}|maximum|max|allowed|permitted|file)s? … ?(?:size|length)\b … ?(?:exceed|limit|violat|too|over|is)",
            r"(?:size|length) (?:limit|exceed|restriction|violat|is too)|exceed\w* … ?(?:size|length)|over ?size",
            r"\btoo (?:big|large)\b|mesgtoobig|zu gro[sß]|trop (?:gros|volumineux|grand)|demasiado grande|troppo grande|слишком больш|サイズ",
        ),
    ),
    # The account is there and closed. Before "unknown", because such answers say both.
    (
        BounceReason.SUSPENDED,
        (
            r"(?:{WHO}|service|access|mailing|domain|delivery)(?:\(s\)|s)?\b[^.;]{0,70}\b(?:suspend|disabled|inactiv|deactivat|locked\b|frozen|terminat|discontinued|expired|closed|dormant|on hold|cancell?ed|blacked out|quarantin)",
            r"(?:{WHO})(?:\(s\)|s)?\b[^.;]{0,50}(?:{NOT} … ?(?:active|activated|enabled|in use|in service|used|monitored)|isn't active|abandoned)",
            r"(?:suspended|disabled|inactive|deactivated|locked|frozen|terminated|closed|expired|dormant|cancell?ed|discontinued|blocked) (?:\S+ )?{WHO}",
            r"disableduser|userdisabled|user disabled|not currently active|is inactive|currently suspended|temporarily (?:disabled|suspended)",
            r"(?:konto|compte|cuenta|conta|adresse|boîte|postfach)[^.]{0,50}(?:deaktiviert|gesperrt|désactiv|suspend|desactivad|disattivat|bloquead|bloqué|fermé|geschlossen)",
            r"停止|解約|休止|заблокирован|отключен|неактив|已停用|已冻结|被停用|冻结",
        ),
    ),
    # There is no such domain or host, or it takes no mail at all (null MX, RFC 7505). Before the user, because
    # "domain not found" stands in "address not found: the domain does not exist".
    (
        BounceReason.HOST_UNKNOWN,
        (
            r"(?:recipient |destination |mail |remote |target )?(?:host|domain|hostname|domain name|destination system|mail server)\b[^.;:]{0,50}(?:unknown|{NOT} (?:be )?(?:found|exist|known|resolv|valid|registered)|does(?:n't| not) (?:exist|resolve)|couldn't be found|could not be (?:found|resolved)|non-?exist|invalid)",
            r"(?:unknown|no such|invalid|non-?existent|bad|unresolvable|illegal|unrout\w+) (?:\S+ )?(?:host|domain|destination system|mail ?server|mail domain|remote host|site)\b",
            r"host ?unknown|nxdomain|unrout\w+ (?:mail )?(?:address|domain)|name or service not known",
            r"(?:host|domain|name|dns|mx)(?: name| or domain name)? (?:service error|lookup (?:fail|error)|not found|lookup of)",
            r"(?:no|couldn't find any|can't find any|cannot find|invalid|null|bad|without) (?:\S+ )?(?:mx\b|mail exchanger|a record|dns record|mail host|host named|address record)",
            r"all (?:relevant )?mx|\bmx (?:record|host|lookup|list)s?\b … ?(?:{NOT}|invalid|point|fail|error|local|empty)|null ?mx",
            r"(?:does|do|will) ?(?:not|n't) accept (?:any |incoming |inbound )?(?:e-?)?mail\b|accepts no mail|does not receive mail|not accept(?:ing)? (?:any )?mail for|no mail (?:is )?accepted",
            r"local configuration error|loops back to (?:me|myself)|bad destination system|no route to (?:domain|host name)|dns error|hosttunknown",
            r"ドメイン[^。]{0,20}(?:存在|見つか|不明)|域名|域名不存在|domaine? [^.]{0,20}(?:inconnu|inexist|introuvable)|домен[^.]{0,20}не ",
        ),
    ),
    # There is no such address.
    (
        BounceReason.UNKNOWN_USER,
        (
            r"(?:{WHO}|name|person|destination mailbox|one)(?:\(s\)|s|'s)?\b[^.;]{0,70}(?:unknown|{NOT} (?:be )?(?:found|known|listed|valid|recogni|registered|exist|here|local|defined|our|match|provisioned|deliverable)|(?:does|do|did)(?:n't| not) … ?exist|non-?exist|invalid|undefined|isn't|unavailable|not available|nonexist)",
            r"(?:unknown|invalid|no such|non-?existent|undefined|unrecogni[sz]ed|bad|illegal|incorrect|wrong|undeliverable|no valid|not a valid|not a known|not our|no local|nonexisting|unresolvable) (?:or \S+ )?(?:\S+ ){0,2}(?:{WHO}|name|person|e-?mail|address(?:es)?|id|destination)",
            r"no (?:\S+ )?(?:{WHO}|one|person)(?: \S+){0,3} (?:by that name|with that name|here|found|exist|of that name|at this|currently|such)|no (?:mail ?box|account|user)\b",
            r"(?:does|do|did)(?:n't| not) … ?exist|(?:does|do)(?:n't|es not| not) have an? (?:\S+ )?account|user not exist|not exist\b|no longer exist",
            r"(?:cannot|can't|could ?n[o']t|unable to|failed to) … ?(?:find|locate|resolve|look ?up|match) … ?{WHO}",
            r"recip(?:ient)?s?notfound|resolver\.adr|nosuchuser|no[-_]such[-_]user|user[-_ ]?unknown|unknown[-_]?user|unknown recipient|user[-_ ]?not[-_ ]?found|adr\.recip",
            r"(?:{WHO}) … ?(?:has |have |was |been )?(?:moved|removed|deleted|changed)\b|has moved|user moved|has left|no longer (?:employed|works|with|valid|at )",
            r"mail ?box … ?(?:unavailable|not available)|requested action not taken: mailbox|not a mailbox",
            r"recipient (?:address )?(?:rejected|refused)[.]?$|recipient address rejected\.|recipient not (?:ok|accepted)|invalid recipient",
            r"please check (?:\S+ ){0,2}(?:recipient|address|e-?mail|user)|check (?:\S+ ){0,2}(?:spelling|e-?mail address)|misspel|mistyp|mis-typed",
            r"(?:unknown|not known) (?:in|to|at|or|by) |not in (?:my|our|the) (?:\S+ )?(?:list|table|directory|database)|address book",
            r"(?:utilisateur|destinataire|usuario|destinatario|destinatário|empfänger|benutzer|adresse|dirección|endereço|indirizzo|utente)[^.]{0,60}(?:inconnu|invalide|inexist|desconocid|no existe|unbekannt|existiert nicht|sconosciut|não existe|erroné|n'existe|nicht gefunden)",
            r"(?:宛先|ユーザ|アドレス|受信者)[^。]{0,30}(?:存在|見つか|不明|ありません|誤|間違)|不存在|查无|無此|没有此|пользовател|не существует|не найден",
        ),
    ),
    # Nobody could be reached in time, or not now.
    (
        BounceReason.EXPIRED,
        (
            r"tim(?:ed?|ing)[- ]?out",
            r"connect(?:ion)?s? … ?(?:refused|reset|lost|dropped|closed|fail|died|broken|abort|error)|lost connection|socket error",
            r"(?:network|host|server|destination) … ?(?:unreachable|down|{NOT} (?:reachable|respond|available|contact)|busy|offline)|no route to host",
            r"(?:unable|could ?n[o']t|cannot|can't|not able|fail\w*|wasn't able) to … ?(?:connect|establish|reach|contact|open)\b|conversation with|not respond",
            r"not accept (?:our )?(?:\S+ )?(?:requests? to )?connect|no (?:answer|response) from",
            r"(?:message|delivery|mail|queue|retry|transfer|envelope|time)\S* … ?(?:expired|time limit|lifetime|too long|time exceeded)",
            r"(?:too long|been) in (?:the )?queue|in the queue too long|queue (?:time|life)|retry (?:timeout|time|limit)",
            r"(?:max\w*|exceeded|all|multiple|several|many|repeated|\d+) … ?(?:retries|attempts|tries)\b|giving up|gave up after",
            r"(?:for|after|in|within|over|past|last) (?:\S+ )?[\d.]+ ?(?:\S+ )?(?:hours?|days?|minutes|seconds|hrs)\b|delayed|could not be delivered (?:for|within|in) ",
            r"try(?:ing)? (?:\S+ )?again|try later|please retry|come back|temporar(?:y|ily) … ?(?:deferred|unavailable|failure|rejected|error|problem|fail)|deferred",
            r"too busy|too much load|load (?:average|too)|throttl|overload|rate[- ]?limit|connection limit|concurren|resources? … ?(?:unavail|exhaust)",
            r"mail(?:er)? loop|routing loop|loop detect|looping|too many hops|hop count|not accepting (?:messages|mail)|could not find a gateway|routing",
            r"再送|タイムアウト|一定時間|超时|超時",
        ),
    ),
    # The machine's own trouble.
    (
        BounceReason.OTHER,
        (
            r"procmail|mailer … ?(?:error|fail|status|exit|returned)|local mailer|command (?:failed|died|output|not)|exit(?:ed)? (?:with|status|code|value)",
            r"(?:system|internal|configuration|config|local|software|program|protocol|syntax|i/o|unexpected|transport) (?:\S+ )?(?:error|fail|problem|exception)",
            r"ldap|starttls|\btls\b|\bssl\b|certificate|encrypt|service (?:currently )?unavailable|permission denied|(?:can|could)(?:'t|n't|not) (?:create|open|write|lock)|no such file",
        ),
    ),
)

VAGUE_WORDS: tuple[tuple[BounceReason, tuple[str, ...]], ...] = (
    # A refusal that says no more than that: only where neither words nor numbers told more.
    (
        BounceReason.BLOCKED_BY_PROVIDER,
        (
            r"reject|refus|denied|\bdeny|prohibit|forbidden|unauthori[sz]ed|restrict|\bblocked|disallow|filtered",
            r"(?:{NOT}|un) ?(?:permitted|allowed|accept\w*|authori[sz]ed|welcome|wanted)|go away|administrative|did not like",
            r"受信拒否|拒否|拒绝|拒絕|отказ|отклон|abgelehnt|verweigert|refusé|rechazad|rifiutat",
        ),
    ),
)


def _compiled(
    table: tuple[tuple[BounceReason, tuple[str, ...]], ...],
) -> tuple[tuple[re.Pattern[str], BounceReason], ...]:
    lines = []
    for reason, patterns in table:
        for pattern in patterns:
            spelled = pattern.replace(" … ?", r"(?: \S{1,80}){0,4}? ?").replace(" …", r"(?: \S{1,80}){0,4}? ?")
            for noun, choices in _NOUNS.items():
                spelled = spelled.replace("{" + noun + "}", choices)
            lines.append((re.compile(spelled), reason))
    return tuple(lines)


CLEAR = _compiled(CLEAR_WORDS)
VAGUE = _compiled(VAGUE_WORDS)
