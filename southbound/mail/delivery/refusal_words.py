"""What mail servers say when they refuse, in small letters and without addresses. `refusals` judges it. Pure.

`tests/mail/replies.txt` has the replies that these patterns were made for.
"""

import re

GREYLISTED = re.compile(r"gr[ea]y.?list")

LONG_LIMIT = re.compile(
    r"daily|hourly|per (day|hour)|(24|twenty.?four).?hours?|quota|credits? exceeded|超过.{0,6}限|发送.{0,6}限"
)
"""How much an account may send in a while that is longer than a run."""

PACE = re.compile(
    r"throttl|\brate\b|too (many|fast|quick|much|frequent)|\bfrequen|slow down|concurren|per (second|minute)"
    r"|thread limit|server (is )?(too )?busy|out of allow rcpt|connections? limit|频率|频繁"
)

LIMIT = re.compile(
    r"(sending|outbound|outgoing|submission|message|recipient|user|account)s? limit|max(imum)? (of )?\d+"
    r"|(limit|maximum)\b.{0,40}\b(send|sent|sending|account)|limit (is |was |has been )?(reached|exceeded)"
    r"|max(imum)? number of (e?mails|messages|recipients)|(reached|exceed\w*|over) "
    r"(your|the|its|allowed|account'?s?|max\S*) .{0,30}(limit|volume)"
)

RECEIVING = re.compile(
    r"receiving (mail|messages|email)|(can|may) receive|recipient (thread limit|has exceeded)|receivingrate"
)
"""A limit of the one who is written to."""

FULL = re.compile(
    r"(mailbox|inbox|user|recipient|account)\b.{0,40}(full|over.?quota|out of (disk |storage )?space)"
    r"|(exceeded|over|out of|exceeds) (its |their |the |disk |mail(box)? |storage |allocated )*"
    r"(quota|storage|space|allocation)|(over|full|disk|storage|mailbox|user|recipient).?quota"
    r"|^quota exceeded(?! for (the |this )?(sender|domain))|mail quota|insufficient \w+ (storage|space)"
    r"|(mailbox|inbox)\b.{0,20}exceed|\bfull\b|容量|已满|空间不足"
)

RELAY = re.compile(
    r"relay\w*.{0,25}\b(denied|deny|prohibit|not |no |refus|reject|disallow|restrict|forbid|check|fail)"
    r"|\b(denie[sd]|deny|unable|not|cannot|can't|no|allowed|attempt|only|won't|don't|open).{0,30}\brelay"
    r"|relay attempt|for relay|not (a )?local (domain|host)|allowed rcpthosts|tenantattribution"
    r"|must.{0,20}(pop|authenticat|log).{0,25}(before|first)"
)

THIS_SENDER = re.compile(
    r"sender (address|domain|identity|verif\w*|is|may|can|was|has|not|den|rej|re[fj]|blo|inv|un)"
    r"|(this|the|invalid|bad|unknown|unverified|unauthori[sz]ed|verified|bad outbound|from) sender"
    r"|send.?as\b|sendas|send on behalf|not owned by|mail ?from|from (address|domain|header)|envelope from"
)
"""What is said of the sender, whatever the code says."""

ACCOUNT = re.compile(
    r"\bsenders?\b|return.?path|(not|n't|never|yet|un) ?(been |yet )?(verified|activated)|verified sender"
    r"|identit(y|ies)|sandbox|permissions? to send|no permission|suspended|may not send|unable to send"
    r"|(not|n't|never) (been |be |yet )?(allowed|permitted|authori[sz]ed|entitled|able|enabled) (to )?"
    r"(send|submit|use|perform)|disabled (for|from) sending|sending (is )?(disabled|blocked|denied)"
    r"|(cannot|can't) send|authenticat|smtp auth|"
    r"authori[sz](ed|ation) (user|required)|unauthori[sz]ed|log ?in\b|password|credential"
    r"|submission\.exception|clientsubmit"
    r"|traffic not accepted"
    r"|your (\w+ )?(account|domain|ip|server|host|network|address|subscription|plan|key|api)"
    r"|spam abuse|(account|domain|ip|host|client|sending)\b.{0,20}\b(blocked|banned|suspend|not allowed|"
    r"restricted|frozen)|\b(spf|dkim|dmarc|ptr|rbl|dnsbl|helo|ehlo)\b|helohost|reverse dns|spamhaus"
    r"|blackl?ist|block.?list"
    r"|black ip|listed (in|by|on|at)|blocked using|reputation|client host|from this (ip|host|server|network)"
    r"|subscription|billing|payment|free (plan|account)|on hold|access disabled"
    r"|mail address invalid|发件人|发信|未授权|认证"
)

RESTRICTED = re.compile(
    r"resolver\.rst|(recipient|user|mailbox|group|list)'?s?\b.{0,40}\b(only accepts?|does not accept|block)"
    r"|user entry|blocked by (the )?(recipient|user)|local user only|policy rejection on the target"
)
"""Whom a mailbox lets write to it."""

UNKNOWN = re.compile(
    r"no (such|mailbox|valid) ?(here|user|mailbox|recipient|address|account|person|alias|addressee)?"
    r"|(user|recipient|mailbox|addressee|alias|rcpt|account|address)\b[^.;]{0,30}"
    r"\b(unknown|not (be )?found|not exists?|n't exist|no exists?|unavailable|unallocated|inactive|not valid)"
    r"|(unknown|invalid|unrout\w+|undeliverable|non-?exist\w*|illegal|incorrect|inactive|unavailable)\b.{0,18}\b"
    r"(user|recipient|mailbox|mailhost|account|alias|rcpt|destination|mail user)"
    r"|account that you tried to reach|(does|do|did)(n't| not| no) exists?|recipient (address )?rejected"
    r"|unroute?able|no longer (valid|available|exist\w*|in use|work\w*|with)|收件人|用户不存在|不存在"
)
"""That nobody is there, as plainly as it can be said."""

RECIPIENT = re.compile(
    r"(user|recipient|mailbox|account|address|member|rcpt|customer|host|domain)\S* ?\(?"
    r"((is|was|has been|does|do|has|currently|no longer|temporarily) )*"
    r"(not|no|un\w*|invalid|disabled|expired|closed|reject|denied|locked|hangup)"
    r"|(mailbox|user|recipient) (has |is |was )?moved|does not like recipient"
    r"|(invalid|bad|disabled|wrong|blank|null|expired|abandoned|dead|undeliverable)\b.{0,18}\b(address|host|domain|mail)"
    r"|not (our|a) (customer|valid|known|user)|have an? \S+ account|not user of|not in recipient list"
    r"|(rcpt|recipient).{0,20}(fail|refus|reject|not)|no mx|host not found|dns (query )?error"
    r"|address rejected"
)

CONTENT = re.compile(
    r"spam|virus|malware|phish|content|attachment|message (size|length)|size (limit|exceeds)"
    r"|too (large|big|long)|mailsize|header|rfc|malformed|policy|suspicious|unsolicited|\burl\b|banned"
    r"|\bmime\b|signature|dt:|mi:"
    r"|垃圾|same size mails|looping|message (is |was |has been )?(rejected|blocked|refused|not accepted)|5322"
)
