"""Which way of answering a question wants, told by rules: the first one that fits decides.

`python -m tests.benchmarks.routes`, reporting halves: 148 of 148 questions labelled before the rules were written, 25
of 27 labelled after them in other words; of 4,009 questions people wrote to have something looked up, none is listed,
counted, summarised or taken for small talk.
"""

from __future__ import annotations

import re

PLAIN, SOURCE, MORE = "plain", "source", "more"
COUNT, LIST, SUMMARY, COMPARE, YES_NO, LOOK_UP = "count", "list", "summary", "compare", "yes_no", "look_up"

LONGEST = 500
"""Characters of a question that tell how to answer it."""

_ASKED = (
    r"(?:please|kindly|so|well|ok(?:ay)?|and|now|hey)\b[, ]*|(?:can|could|would|will) (?:you|i (?:have|get|see))\b ?"
)
_TOLD = (
    r"(?:tell|let) (?:me|us)(?: know)? |do you know |i(?:'d| would) (?:like|love) (?:to )?|i (?:need|want)(?: to)?\b ?"
)
_POLITE = re.compile(rf"(?:{_ASKED}|{_TOLD}|know |see )+", re.I)
"""What people put before a question, which says nothing of how to answer it."""

DOCUMENT = (
    r"(?:document|file|report|text|paper|article|book|handbook|manual|contract|agreement|lease|briefing|letter|pdf)"
)
PART = r"(?:section|chapter|part|article|annex|appendix|paragraph|page|clause|introduction|conclusion)"
_IT = r"(?:this|that|it|these|those|everything|they)"
_THE = rf"(?:the|this|these|my|our|that|those|all) (?:\w+ ){{0,2}}?{DOCUMENT}s?"
_WHOLE = rf"(?:{_IT}|{_THE}|(?:(?:the )?{PART} \w+|the \w+ {PART})(?: (?:of|in) .{{,30}}?)?|\S+\.[a-z]{{2,5}})"
_THING = (
    r"(?:dates?|people|persons?|names?|amounts?|places?|countries|companies|(?:e-?mail |web )?addresses|phone numbers)"
)
_SPOT = rf"(?:passage|place|sentence|line|document|file|{PART})s?"
_MENTIONS = (
    r"(?:mentions?|mentioned|named|contains?|refers? to|talks? (?:about|of)|speaks? (?:about|of)|discuss(?:es)?)"
)
_MAIN = r"(?:main|central|key|most important) (?:points|ideas?|messages?|takeaways|topics|findings|conclusions|themes)"
_BRIEF = r"(?:summary|overview|gist|abstract|recap)"
_TERM = r"(?:words?|names?|terms?|phrases?|expressions?)"
_ARE = r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|may|might|must|should|shall|will|would)"
_NOT = r"\w+n['’]t"
_HELLO = r"(?:hi|hello|hey|greetings|good (?:morning|afternoon|evening|day|night)|nice to meet you)"
_PRAISE = r"(?:(?:that (?:was|is) )?(?:very )?(?:great|perfect|ok(?:ay)?|super|fine|wonderful|good|helpful)[,.! ]+)?"
_GIVE = r"(?:give|show|find|get|pull out|quote|name|search|display|print|collect|extract)\b(?: me| for)?"
_TELL = r"(?:(?:tell|say|show|give|is|know)\b(?: me| us| there)? )?"
_MORE = r"(?:more|else|(?:please|details?|information|about|on|it|that|this|them|him|her|is there|say)\b)"

_RULES = tuple(
    (name, re.compile(rf"(?:{pattern})", re.IGNORECASE))
    for name, pattern in (
        (PLAIN, rf"{_HELLO}\b(?:[, ]+(?:how are you|{_HELLO}|there|all|everyone|again|(?:my |dear )\w+)){{0,3}}\W*$"),
        (PLAIN, rf"{_PRAISE}(?:many )?(?:thanks?\b|thank you|thx|cheers)(?! to\b)[^?]{{0,30}}$"),
        (PLAIN, r"(?:good)?bye\b.{0,12}$|see you\b.{0,12}$|help(?: me)?\W*$|how are you\W*$|how does this work\W*$"),
        (PLAIN, r"(?:who|what) are you\W*$|what(?: is|'s) your name\W*$|are you an? \w+\W*$"),
        (PLAIN, r"what can (?:you|i) (?:do|ask)(?: here| for me| you)?\W*$"),
        (SOURCE, r"says who\W*$|are you (?:sure|certain)\W*$|how do you know(?: that| this)?\W*$|sources?\W*$"),
        (SOURCE, rf"(?:show me )?where (?:exactly |precisely )?(?:(?:does|did|do) )?{_IT} (?:says?|come)\b.{{0,10}}$"),
        (SOURCE, rf"where (?:is|was) {_IT} (?:written|said|stated|from)\W*$"),
        (SOURCE, r"where did you (?:find|get|read) .{0,10}$"),
        (SOURCE, rf"where (?:exactly|precisely|from|in .{{,20}} (?:is|does) {_IT}.{{,10}})\W*$"),
        (SOURCE, rf"(?:on )?(?:which|what) {_SPOT} (?:says|is|does) {_IT}\b.{{0,10}}$"),
        (SOURCE, r"(?:what(?: is|'s| are) |show (?:me )?|give (?:me )?)(?:your|the) (?:sources?|evidence)\W*$"),
        (SOURCE, r"(?:what|which) page\W*$|prove (?:it|that)"),
        (MORE, rf"{_TELL}(?:an? (?:bit|little) )?(?:some )?more\b(?: {_MORE})*\W*$"),
        (MORE, r"(?:what|anything|something) else(?: (?:does|do|is) (?:it|they|we|there)\b.{0,25})?\W*$"),
        (MORE, r"go on\W*$|continue\W*$|then\W*$|keep going\W*$|(?:elaborate|expand)\b.{0,20}$"),
        (COUNT, rf"how (?:many times|often|frequently)\b.*\b(?:{_MENTIONS}|(?:bring|come)s? up|the {_TERM}|says?)\b"),
        (COUNT, rf"how many (?:of (?:my|the|these) )?{_SPOT} (?:\w+ )?{_MENTIONS} \w"),
        (COUNT, rf"(?:in|on) how many (?:of|{_SPOT})\b"),
        (COUNT, r"how many (?:mentions|occurrences|references|hits are there)\b"),
        (COUNT, rf"how many {_THING} are (?:there|in {_THE}|mentioned)\b"),
        (COUNT, rf"how many times does .* (?:occur|appear) in {_THE}"),
        (COUNT, r"(?:count|tally)\b"),
        (COUNT, r"(?:what(?: is|'s) )?(?:the )?(?:total )?number of (?:mentions|occurrences|references|hits)\b"),
        (SUMMARY, r"summar|sum up|recap\b|outline\b|condense|brief me|tl;?dr|in (?:short|brief|a nutshell)\b"),
        (SUMMARY, r"walk me through\b|(?:an? |the )?(?:\w+ )?(?:overview|gist|summary)\b(?: of\b.*| please)?\W*$"),
        (SUMMARY, rf"(?:(?:give|provide|write|make|show|have)\b.*)?\b(?:an?|the|short) (?:\w+ )?{_BRIEF} of\b"),
        (SUMMARY, rf"(?:give|provide|write|make|show)\b.* {_BRIEF}\W*$"),
        (SUMMARY, rf"(?:what (?:are|is|'s) |give (?:me )?|name )?the {_MAIN}(?: (?:of|in|from) (?:.{{,25}}))?\W*$"),
        (SUMMARY, rf"what(?: is|'s| are|)? (?:all )?{_WHOLE} (?:(?:is|are|mainly|all|mostly) )*about\b(?:, .*)?\W*$"),
        (SUMMARY, rf"what(?:'s| is| are)? in (?:the )?(?:{PART}|{DOCUMENT}|\S+\.[a-z]{{2,5}})\b.{{,12}}$"),
        (SUMMARY, rf"what (?:\w+ )?(?:does|do) {_WHOLE} (?:say|cover|contain|discuss|deal with)\W*$"),
        (SUMMARY, rf"(?:describe|explain) (?:the contents? of )?{_THE}(?: in .*)?\W*$"),
        (LIST, r"list\b|enumerate\b|(?:(?:make|write) (?:me )?)?a list of\b|name (?:all|every|any)\b"),
        (LIST, rf"name the \w+s\W*$|{_GIVE} (?:(?:a|the) list of|all|every)|find [\"“']|what are all the\b"),
        (LIST, rf"(?:all|every|each) (?:the )?(?:mention|occurrence|reference|{_THING}|{_SPOT})|all .* please\W*$"),
        (LIST, r"all the \w+"),
        (LIST, rf"(?:which|what) (?:of (?:the|my|these) )?{_SPOT} (?:\w+ )?{_MENTIONS}|(?:which|what) headings\b"),
        (LIST, rf"(?:which|what) {_THING} (?:is|are|were) (?:there|mentioned|named|in the)\b"),
        (LIST, rf"where (?:do|does) (?:(?:{_THE}|you|i|they) (?:{_MENTIONS}|find)|the {_TERM} \S+ (?:appear|occur))"),
        (LIST, r"where (?:is|are|was|were) .* (?:mentioned|named)\b"),
        (COMPARE, r"(?:compare|contrast)\b|.*\bdifferences? (?:\S+ ){0,5}between\b|differences? (?:of|between)\b"),
        (COMPARE, r".*\bin common\b"),
        (COMPARE, r"what (?:is|are) the (?:\w+ )?(?:differences?|similarit(?:y|ies))\b|.*\b(?:versus|vs)\b"),
        (COMPARE, r".*\b(?:differs?|different(?:ly)? (?:from|to|than))\b|what distinguishes\b"),
        (COMPARE, r"how (?:do|does) .* compare (?:to|with)\b"),
        (COMPARE, r"(?:which|who|what)\b.*\b(?:\w{2,}er|more|less|better|worse|most|best)\b.*[,:] .*\bor\b"),
        (COMPARE, r"(?:which|who|what)\b.*\b(?:first|last|latest|earliest|expensive)\b.*[,:] .*\bor\b"),
        (COMPARE, r".* or .*[:,] (?:which|who)\b"),
        (COMPARE, r"(?!what|how|which|who|according).*\b(?:compared (?:to|with)|deviates? from)\b"),
        (COMPARE, rf"{_ARE}\b.* or \w"),
        (YES_NO, rf"(?:{_ARE}|{_NOT})\b \w"),
    )
)  # fmt: skip


def route(question: str) -> str:
    """How to answer: "plain", "source", "more", "count", "list", "summary", "compare", "yes_no" or "look_up"."""
    asked = " ".join(question[:LONGEST].split())
    plain = bare(asked)
    for name, rule in _RULES:
        if rule.match(plain) or (name in (PLAIN, SOURCE, MORE) and rule.match(asked)):
            return name
    return YES_NO if plain != asked and re.match(r"(?:if|whether)\b", plain, re.I) else LOOK_UP


def bare(asked: str) -> str:
    """A question without what people put before it, such as "please tell me"."""
    return _POLITE.sub("", asked, count=1) if _POLITE.match(asked) else asked
