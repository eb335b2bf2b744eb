"""The reasons of mail servers' responses as one table, read from top to bottom: the first line that matches decides.

A line is a pattern for `re.search` over the response in one lower-case line, with the words of `pattern_vocabulary`.
The order matters; each group states why it stands where it does. Every repetition is bounded, so that no response takes
long to match.
"""

import re

from notifications.types.enums import BounceReason

from .pattern_vocabulary import pattern

CLEAR_WORDS: tuple[tuple[BounceReason, tuple[str, ...]], ...] = (
    # Exceptions first: responses that contain the usual words of another reason.
    (
        BounceReason.UNKNOWN_USER,
        (
            r"5\.4\.1 .{0,40}address rejected: access denied",  # Exchange Online, for an address it does not know
            r"{WHO} ‥ (?:is )?not (?:listed|found) in",
            r"previously bounced address",  # Mailgun
            r"and other recipients in the same domain",  # InterScan
        ),
    ),
    (
        BounceReason.HOST_UNKNOWN,
        (
            r"account or domain may not exist",  # cPanel, which names every other cause as well
            r"record indicated no smtp service",  # Exim, for a null MX
        ),
    ),
    (
        BounceReason.SUSPENDED,
        (r"(?:account|compte) … (?:is|est) (?:blocked|bloqu)",),  # further down "blocked" refers to our mail
    ),
    (
        BounceReason.OTHER,
        (r"\bldap\b", r"procmail"),  # the server's own fault, beside "no such user" or "too long"
    ),
    # The server has no room or no time at the moment: neither a full mailbox nor a rejection of our mail.
    (
        BounceReason.EXPIRED,
        (
            r"insufficient (?:system )?(?:resources|system storage|disk space)",
            r"no space left on device",
            r"(?:host|name service|name server|dns|lookup)~(?:try again|temporar|timed? ?out|servfail)",
            r"(?:host|name service|name server|dns|lookup)~(?:malformed|unexpected)",
            r"deferred: name server|delivery temporarily suspended",
            r"receiving mail (?:at a rate|too quickly)|message expired",
            r"gr[ea]y-?list",
            r"(?:ip|connection|connect|message|mail|send{END}|session) (?:frequency|rate) (?:is )?limit",
            r"too many ‥ (?:connections|sessions|messages from|concurrent|mails from|recipients)",
        ),
    ),
    # The sender was refused, in words that otherwise refer to the recipient ("does not exist", "quota", "unknown").
    (
        BounceReason.BLOCKED_BY_PROVIDER,
        (
            r"(?:relay|sending|sender|hourly|daily|outgoing|outbound) … (?:quota|limit)",
            r"{SENDER}~(?:not exist|not found|not resolve|verif|{REFUSED}|{UNKNOWN}|(?<!not )listed)",
            r"{SENDER} … (?:{NOT}|un)\S{0,20} ?(?:{LET}|valid|deliverable|routable)",
            r"(?:{NO_SUCH}|unrout{END}|forged) ‥ {SENDER}",
            r"(?:domain|host) of sender|\bfrom: domain|valid (?:from|sender)\b",
            r"(?:verif{END}|validat{END}|resolv{END}|find|look ?up) … (?:{SENDER}|client)",
            r"(?:verif{END}|validat{END}|resolv{END}|find|look ?up) … your (?:host|domain|ip|server|address)",
            r"(?:sender|callback|callout|caller|call-?back) verif",
            r"(?:client host|helo|ehlo|sending (?:host|server|ip|mta))\b~(?:{REFUSED}|invalid|{NOT} )",
            r"{NOT} {LET} (?:for you )?to (?:send|post|submit|mail|relay|contact|use)",
            r"permission … (?:send|post|submit|e?-?mail)",
            r"(?:unauthenticated|anonymous|unauthori[sz]ed) (?:sender|e?-?mail|user|connection)",
            r"authentication (?:is )?required|requires? authentication|must (?:be )?authenticate",
            r"relay{END} ‥ (?:denied|not|prohibited|refused|rejected|attempt|fail|block|quota)",
            r"(?:not|unable to|cannot|won't|refus{END} to|denied|unauthori[sz]ed|insecure|no) … relay",
            r"resolver\.rst\.(?!recipsize)|restrictedtorecipients|notauthorized",  # Exchange
            r"allowed rcpthosts",  # qmail
        ),
    ),
    # Sender authentication: SPF, DKIM, DMARC, reverse DNS.
    (
        BounceReason.BLOCKED_BY_PROVIDER,
        (
            r"\bspf\b|sender policy framework|sender id\b|\bdkim\b|domainkeys|\bdmarc\b",
            r"authentication (?:check|information|result|fail)|fail{END} … authenticat",
            r"reverse[- ](?:dns|host|lookup|map|entry|record|ip)|\brdns\b|\bptr\b|in-addr\.arpa",
            r"\b(?:ip|client|your) … (?:lookup|resolv{END}) fail|unverif{END} sending",
        ),
    ),
    # Block lists and reputation. The lists' own names, because often nothing else is said.
    (
        BounceReason.BLOCKED_BY_PROVIDER,
        (
            r"spamhaus|spamcop|sorbs\.net|barracudacentral|senderbase|senderscore|uceprotect|cloudmark|abusix",
            r"trustedsource|mailspike|invaluement|spfbl|backscatterer|surriel|mail-abuse|rfc-ignorant|hostkarma",
            r"sender\.office\.com|delist|\baup#|ipcheck\.proofpoint|talosintelligence",
            r"\b\w{0,10}(?:dnsbl|rbl|surbl|uribl|xbl|sbl)\b",
            r"(?:black|block|deny)-?\s?list|\(bl\)",
            r"reputation|\bbanned\b|(?:bad|invalid) ip\b",
            r"\b{PEER}\b~\b{BE} ‥ (?:blocked|listed|refused)",
            r"\b(?:ip|client|e?-?mail|connection|mails?)s? ‥ blocked|:blocked\b",
            r"blocked (?:ip|by|using|for|due|because|from|see|with|at|-)",
            r"block(?:ing|ed) (?:your|this) (?:ip|mail|server)",
            r"(?<!not )listed (?:at|in|on|by) ",
            r"unwanted (?:message|mail|e-?mail)|messages? from \S{1,80} were(?:n't| not) sent",
            # Except where Gmail says so before it quotes the other server's response.
            r"(?<!it was )(?:reject|refus|block){END} by (?:the )?(?:destination|recipient) (?:domain|system)",
            r"recipient(?:'s)? preference|preferences of the (?:person|recipient)|groups\.google\.com",
            r"unusual|suspicious|\babus(?:e|ive)\b|complaint",
            r"connections? ‥ not accepted|not accepting connections|\bno smtp service",
            r"not … smtp service here",
        ),
    ),
    # The content of the mail. Before the mailbox, because a filter names the recipient too.
    (
        BounceReason.BLOCKED_BY_PROVIDER,
        (
            r"\bspam\w{0,4}\b(?! folder)|\bjunk ?(?:mail|e-?mail|message)|unsolicited|\bbulk {MAIL}|\bu[cb]e\b",
            r"\bvirus|viren|malware|phish|trojan|infected|\bworm\b|harmful|dangerous",
            r"(?:{REFUSED}{END}|not accepted|against|due to|because of|for|by|on) … polic(?:y|ies)\b",
            r"polic(?:y|ies) ‥ (?:violation|reason|restrict|does not|{REFUSED})|administrative prohibition",
            r"protocol (?:violation|error)|\brfc[- ]?\d*\b … (?:complian|violat|conform)",
            r"(?:violat{END}|not) … \brfc",
            r"multiple addresses in from|bare (?:lf|cr|newline)|no resent-from",
            r"(?:no|missing|invalid|duplicate{END}|bad|malformed) ‥ (?:header|from:|message-id|mime)",
            r"(?:header|mime)\S{0,20} (?:error|too (?:large|long|many)|invalid|missing|malformed)",
            r"{INSIDE}s? … (?:{NOT} {LET}|{REFUSED})",
            r"(?:reject|refus|block|filter){END} … (?:content|filter|rule|attachment|pattern|fingerprint|keyword)",
            r"{MAIL}s? ‥ ‥ (?:looks like|resembl|appears to be|classified|scored|considered)",
            r"content (?:filter|reject|check|scan)|bayes|\b(?:dt|mi):sp",  # the last is NetEase (163.com)
        ),
    ),
    # The mailbox is full. Before the size of the mail ("exceeds the mailbox size") and before "unknown": some say
    # 5.1.1 or "mailbox unavailable" and the quota beside it.
    (
        BounceReason.MAILBOX_FULL,
        (
            r"{STORE} … (?:is |are )?(?:full\b|overfull|filled)|(?:full|too full) {STORE}|mail ?box ?full",
            r"over[- _]?quota|\bover … (?:quota|storage limit|space limit|allocat|disk usage)",
            r"quota[- _:]{0,3}(?:\S{1,40} ){0,3}(?:exceed|full|reached|violat|over|used up|limit|exhaust)",
            r"(?:exceed|reach|exhaust|out of|beyond|insufficient|violat){END} … quota",
            r"quotaexceed|storequota|quota error|status=full|exceeded storage",
            r"exceed{END} … (?:storage|capacity|allocat|mail ?box (?:size|limit|space)|space|disk)",
            r"(?:insufficient|not enough|no|out of|lack of|low on|too little|less) … (?:storage|space|disk)\b",
            r"mail ?box … (?:exceed|size limit|limit (?:exe?ceed|reach)|over limit|too (?:large|big)|capacity)",
            r"too (?:much|many) … (?:stored|in (?:his|her|their|your|the) (?:mail|inbox)|on this account)",
            r"(?:has|have) (?:reached|exceeded) (?:its|his|her|their|the) … (?:limit|quota|capacity)|would exceed",
            r"temporarily over|too full|mailbox space",
            r"{POSTBOX}~{PLEIN}|переполнен",
            r"満杯|一杯|いっぱい|容量|已满|已滿|空间不足|空間不足",
        ),
    ),
    (
        BounceReason.MESSAGE_TOO_BIG,
        (
            r"(?:{MAIL}|attachment|body|data)s?\b~ (?:too (?:big|large)\b|larger than|bigger than)",
            r"(?:{MAIL}|attachment|body|data)s?\b~ exceeds? (?!.{0,15}(?:rate|time|queue))",
            r"(?:{MAIL}|max(?:imum)?|allowed|permitted|file)s? … (?:size|length)\b … (?:limit|{BEYOND}|is)",
            r"(?:size|length) (?:limit|exceed|restriction|violat|is too)|exceed{END} … (?:size|length)|over ?size",
            r"\btoo (?:big|large)\b|(?:message|mail|body) (?:is )?too long\b|messages? as (?:big|large)",
            r"zu gro[sß]|trop (?:gros|volumineux|grand)|demasiado grande|troppo grande|слишком больш|サイズ",
        ),
    ),
    # The account exists and is closed. Before "unknown", because such responses say both.
    (
        BounceReason.SUSPENDED,
        (
            r"(?:{WHO}|service|access|mailing|domain)(?:\(s\)|s)?\b~\b(?:{CLOSED}|inactiv|deactivat|on hold)",
            r"{WHO}(?:\(s\)|s)?\b~(?:isn't active|abandoned)",
            r"{WHO}(?:\(s\)|s)?\b~{NOT} … (?:active|activated|enabled|in use|in service|used|monitored)",
            r"(?:{CLOSED}|blocked) ‥ {WHO}",
            r"user ?disabled|disableduser|not currently active|is inactive",
            r"(?:currently|temporarily) (?:suspended|disabled)",
            r"{COMPTE}~{FERMÉ}|заблокирован|отключен|неактив",
            r"停止|解約|休止|已停用|已冻结|被停用|冻结",
        ),
    ),
    # There is no such domain or host, or it accepts no mail at all (null MX, RFC 7505). Before the user, because
    # "domain not found" stands in "address not found: the domain does not exist".
    (
        BounceReason.HOST_UNKNOWN,
        (
            r"{HOST}\b[^;:]{0,50}(?:unknown|non-?exist|invalid|{DOES_NOT} (?:exist|resolve))",
            r"{HOST}\b[^;:]{0,50}{NOT} (?:be )?(?:found|exist|known|resolv|valid|registered)",
            r"(?:{NO_SUCH}|unrout{END}) (?:[a-z-]{1,20} )?(?:{HOST}|site)\b",
            r"domain (?:is )?not reachable|host ?unknown|nxdomain",
            r"unrout{END} (?:mail )?(?:address|domain)|name or service not known",
            r"(?:host|domain|name|dns|mx)(?: name| or domain name)? (?:service error|lookup|not found)",
            r"(?:no|(?:can't|couldn't|cannot) find an?y?|invalid|null|bad) ‥ (?:mx\b|mail exchanger)",
            r"(?:no|couldn't find any|can't find any|cannot find) ‥ (?:a|dns|address) record",
            r"mail host|host named",
            r"all (?:relevant )?mx",
            r"\bmx (?:record|host|lookup|list)s?\b … (?:{NOT}|invalid|point|fail|error|empty)|null ?mx",
            r"(?:{DOES_NOT}|will not|won't) accept (?:any |incoming |inbound )?(?:e-?)?mail\b|accepts no mail",
            r"does not receive mail|not accept(?:ing)? (?:any )?mail for|no mail (?:is )?accepted",
            r"loops back to (?:me|myself)|bad destination system|local configuration error|dns error",
            r"ドメイン[^。]{0,20}(?:存在|見つか|不明)|域名|домен~не ",
            r"domaine? ~(?:inconnu|inexist|introuvable)",
        ),
    ),
    # There is no such address.
    (
        BounceReason.UNKNOWN_USER,
        (
            r"\b(?:{WHO}|{PERSON})(?:\(s\)|s|'s)?\b~(?:{UNKNOWN}|{NOT} (?:be )?{FOUND}|{DOES_NOT} … exist)",
            r"\b{NO_SUCH} (?:or \S{1,40} )?‥ ‥ (?:{WHO}|{PERSON})",
            r"no ‥ (?:{WHO}|one|person) … (?:by that name|with that name|of that name)",
            r"no ‥ (?:{WHO}|one|person) … (?:here|found|exist|at this|currently|such)",
            r"no (?:mail ?box|account|user)\b|not exist\b|no longer exist",
            r"{DOES_NOT} … exist|{DOES_NOT} have an? ‥ account",
            r"{CANNOT} … (?:find|locate|resolve|look ?up|match) … {WHO}",
            r"recip(?:ient)?s?notfound|resolver\.adr|no[-_ ]?such[-_ ]?user|unknown[-_ ]?(?:user|recipient)",
            r"user[-_ ]?unknown|user[-_ ]?not[-_ ]?found|not your intended recipient",
            r"{WHO} … (?:has |have |was |been )?(?:moved|removed|deleted|changed)\b|has moved|user moved",
            r"has left|no longer (?:employed|works|with|valid|at )",
            r"mail ?box … (?:unavailable|not available)|requested action not taken: mailbox|not a mailbox",
            r"recipient (?:address )?(?:rejected|refused)[.]?$|recipient address rejected\.",
            r"recipient not (?:ok|accepted)",
            r"please check ‥ ‥ (?:recipient|address|e-?mail|user)|check ‥ ‥ spelling",
            r"misspel|mis-?typ",
            r"(?:unknown|not known) (?:in|to|at|or|by) |address book",
            r"not in (?:my|our|the) ‥ (?:list|table|directory|database)",
            r"{DESTINATAIRE}~{INCONNU}|пользовател|не существует|не найден",
            r"(?:宛先|ユーザ|アドレス|受信者)[^。]{0,30}(?:存在|見つか|不明|ありません|誤|間違)",
            r"不存在|查无|無此|没有此",
        ),
    ),
    # The server could not be reached in time, or not now.
    (
        BounceReason.EXPIRED,
        (
            r"tim(?:ed?|ing)[- ]?out",
            r"(?:for|after|in|within|over|past|last) ‥ [\d.]+ ?(?:\S{1,40} )?(?:hour|day|minute|hrs)",
            r"connect(?:ion)?s? … (?:refused|reset|lost|dropped|closed|fail|died|broken|abort|error)",
            r"lost connection",
            r"(?:network|host|server|destination) … (?:unreachable|down|busy|offline)|no route to host",
            r"socket error",
            r"(?:network|host|server|destination) … {NOT} (?:reachable|respond|available|contact)|not respond",
            r"{CANNOT} … (?:connect|establish|reach|contact|open)\b|conversation with|no (?:answer|response) from",
            r"not accept (?:our )?(?:\S{1,40} )?(?:requests? to )?connect",
            r"(?:{MAIL}|delivery|queue|retry|transfer|envelope|time)\S{0,20} … (?:expired|too long|lifetime)",
            r"(?:{MAIL}|delivery|queue|retry|transfer)\S{0,20} … time (?:limit|exceeded)",
            r"(?:too long|been) in (?:the )?queue|in the queue too long|queue (?:time|life)",
            r"retry (?:timeout|time|limit)",
            r"(?:max{END}|exceeded|all|multiple|several|many|repeated|\d+) … (?:retries|attempts|tries)\b",
            r"g(?:iving|ave) up",
            r"delayed|could not be delivered (?:for|within|in) |exceeded … time",
            r"try(?:ing)? ‥ again|try later|please retry|come back|deferred",
            r"temporar(?:y|ily) … (?:deferred|unavailable|rejected)",
            r"too busy|server busy|too much load|load (?:average|too)|throttl|overload|rate[- ]?limit",
            r"connection limit",
            r"concurren|resources? … (?:unavail|exhaust)|not accepting (?:messages|mail)",
            r"could not find a gateway|routing",
            r"mail(?:er)? loop|loop detect|looping|too many hops|hop count",
            r"再送|タイムアウト|一定時間|超时|超時",
        ),
    ),
    # The server's own fault.
    (
        BounceReason.OTHER,
        (
            r"mailer … (?:error|fail|status|exit|returned)|local mailer|command (?:failed|died|output|not)",
            r"exit(?:ed)? (?:with|status|code|value)|permission denied|no such file",
            r"(?:system|internal|config{END}|local|software|protocol|syntax|i/o|unexpected) ‥ (?:error|fail)",
            r"(?:system|internal|config{END}|local|software|program|transport) ‥ (?:problem|exception)",
            r"starttls|\btls\b|\bssl\b|certificate|encrypt|service (?:currently )?unavailable",
            r"(?:can|could)(?:'t|n't|not) (?:create|open|write|lock)",
        ),
    ),
)

# Searched only where neither the text nor the codes gave a reason.
VAGUE_WORDS: tuple[tuple[BounceReason, tuple[str, ...]], ...] = (
    (BounceReason.EXPIRED, (r"temporar(?:y|ily) … (?:failure|error|problem|fail)",)),
    (
        BounceReason.BLOCKED_BY_PROVIDER,
        (
            r"reject|refus|denied|\bdeny|prohibit|forbidden|unauthori[sz]ed|restrict|\bblocked|disallow|filtered",
            r"(?:{NOT}|un) ?(?:permitted|allowed|accept{END}|authori[sz]ed|welcome|wanted)|go away|did not like",
            r"受信拒否|拒否|拒绝|拒絕|отказ|отклон|abgelehnt|verweigert|rechazad|rifiutat",
        ),
    ),
)


def _lines(
    groups: tuple[tuple[BounceReason, tuple[str, ...]], ...],
) -> tuple[tuple[re.Pattern[str], BounceReason], ...]:
    return tuple((pattern(line), reason) for reason, lines in groups for line in lines)


CLEAR = _lines(CLEAR_WORDS)
VAGUE = _lines(VAGUE_WORDS)
