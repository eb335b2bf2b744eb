"""Word lists for the sentences of mail servers, and the compiler of reason table lines to regular expressions."""

import re

_WORDS = {
    # Nouns.
    "WHO": "user|recipient|address|addressee|mail ?box|inbox|account|customer|member|subscriber|alias|local-part",
    "PERSON": "name|user ?name|person|destination mailbox|destination|e-?mail|id|one",
    "SENDER": "sender|mail ?from|envelope[- ]from|return[- ]path|from address|from header|originator",
    "HOST": "host|domain|hostname|domain name|destination system|mail ?server|mail domain|remote host",
    "PEER": "ip|client|host|server|network|domain|connection|mails?|e-?mail|sender|service",
    "MAIL": "message|mail|e-?mail|content|letter",
    "INSIDE": "attachment|executable|file (?:type|name|extension)|content|header|subject|body|link|url",
    "STORE": "mail ?box|inbox|mail ?folder|mail ?drop|maildir|account|mail ?file|storage|user|recipient",
    "POSTBOX": "bo[iî]te|casella|buz[oó]n|caixa|postfach|schránka|skrzynka|briefkasten",
    "COMPTE": "konto|compte|cuenta|conta|adresse|boîte|postfach",
    "DESTINATAIRE": "utilisateur|destinataire|usuario|destinat[aá]rio|empfänger|benutzer|adresse|dirección"
    "|endereço|indirizzo|utente",
    # Predicates.
    "UNKNOWN": "unknown|non-?exist|invalid|undefined|isn't|unavailable|not available",
    "FOUND": "found|known|listed|valid|recogni|registered|exist|here|local|defined|our|match|provisioned|deliver",
    "NO_SUCH": "unknown|invalid|no such|non-?existe?nt|undefined|unrecogni[sz]ed|bad|illegal|incorrect|wrong"
    "|undeliverable|not a valid|not a known|not our|no local|unresolvable",
    "INCONNU": "inconnu|invalide|inexist|desconocid|no existe|unbekannt|existiert nicht|sconosciut|não existe"
    "|erroné|n'existe|nicht gefunden",
    "CLOSED": "suspended|disabled|inactive|deactivated|locked|frozen|terminated|closed|expired|dormant|cancell?ed"
    "|discontinued|blacked out|quarantined",
    "FERMÉ": "deaktiviert|gesperrt|désactiv|suspend|desactivad|disattivat|bloquead|bloqué|fermé|geschlossen",
    "REFUSED": "reject|refus|block|denied|deny|prohibit|forbidden|filter|unaccept|violat|unauthori",
    "PLEIN": r"pleine?\b|saturée?|piena|llen[oa]|cheia|voll\b|überfüllt|pełna|plná",
    "LET": "allowed|authori[sz]ed|permitted|accepted|acceptable|able",
    "BEYOND": "exceed|violat|too|over",
    # Function words.
    "NOT": "not|n't|never|no longer",
    "DOES_NOT": "does(?:n't| not)|do(?:n't| not)|did(?:n't| not)",
    "CANNOT": "unable to|could ?n[o']t|cannot|can't|not able to|wasn't able to|fail(?:ed|s)? to",
    "BE": "is|was|has been|been|are|being",
}
_SHORT = {
    "~": r"(?:[^.;]|\.\b){0,70}?",
    " … ": r"(?: \S{1,80}){0,4}? ?",
    "‥ ": r"(?:\S{1,40} )?",
    "{END}": r"\w{0,12}",
}


def pattern(line: str) -> re.Pattern[str]:
    """Compile a line of the table to a pattern.

    A word in braces stands for its alternatives above, `‥` for at most one word, `…` for up to four, `~` for anything
    near in the same sentence, `{END}` for the end of a word.
    """
    for short, long in _SHORT.items():
        line = line.replace(short, long)
    for name, words in _WORDS.items():
        line = line.replace("{" + name + "}", f"(?:{words})")
    return re.compile(line)


def any_of(*lines: str) -> re.Pattern[str]:
    """Compile one pattern that matches where any of these lines does, ignoring case."""
    return re.compile("|".join(lines), re.IGNORECASE)
