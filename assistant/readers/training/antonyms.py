"""Words and their opposites, as questions use them."""

from __future__ import annotations

from collections import defaultdict

_PAIRS = """
first/last earliest/latest largest/smallest biggest/smallest highest/lowest most/least more/less more/fewer best/worst
longest/shortest oldest/newest oldest/youngest strongest/weakest fastest/slowest richest/poorest greatest/smallest
major/minor main/minor primary/secondary common/rare popular/unpopular large/small big/small high/low higher/lower
long/short longer/shorter old/new older/younger early/late earlier/later strong/weak stronger/weaker fast/slow
rich/poor heavy/light hot/cold warm/cool wet/dry deep/shallow wide/narrow thick/thin hard/soft good/bad better/worse
positive/negative success/failure successful/unsuccessful able/unable likely/unlikely possible/impossible
legal/illegal before/after since/until above/below over/under inside/outside within/outside with/without north/south
northern/southern east/west eastern/western left/right top/bottom front/back upper/lower inner/outer near/far
internal/external increase/decrease increased/decreased increases/decreases increasing/decreasing rise/fall rose/fell
gain/lose gained/lost grow/shrink grew/shrank raise/lower raised/lowered begin/end began/ended start/end started/ended
starts/ends start/stop started/stopped open/close opened/closed open/closed founded/dissolved established/abolished
created/destroyed create/destroy built/demolished build/destroy win/lose won/lost wins/loses victory/defeat
accept/reject accepted/rejected allow/forbid allowed/forbidden allowed/prohibited permit/prohibit support/oppose
supported/opposed supports/opposes supporters/opponents agree/disagree agreed/disagreed approve/reject
approved/rejected include/exclude included/excluded includes/excludes join/leave joined/left enter/leave entered/left
arrive/depart arrived/departed come/go came/went buy/sell bought/sold import/export imports/exports imported/exported
give/take gave/took send/receive sent/received add/remove added/removed attack/defend attacked/defended
remember/forget love/hate like/dislike liked/disliked likes/dislikes recommend/discourage keep/discard
appear/disappear appeared/disappeared succeed/fail succeeded/failed cause/prevent caused/prevented causes/prevents
help/hinder helped/hindered protect/harm live/die lived/died born/died birth/death alive/dead male/female men/women
man/woman boy/girl king/queen father/mother son/daughter brother/sister husband/wife parents/children teacher/student
public/private formal/informal official/unofficial urban/rural domestic/foreign native/foreign local/foreign
modern/ancient civilian/military natural/artificial permanent/temporary maximum/minimum majority/minority
advantage/disadvantage advantages/disadvantages benefit/drawback benefits/drawbacks pros/cons strength/weakness
strengths/weaknesses profit/loss income/expense demand/supply question/answer cause/effect beginning/end past/future
day/night morning/evening summer/winter spring/autumn always/never often/rarely usually/rarely frequently/seldom
easy/difficult easily/hardly simple/complex cheap/expensive safe/dangerous clean/dirty full/empty active/inactive
direct/indirect directly/indirectly complete/incomplete regular/irregular similar/different same/different
equal/unequal known/unknown visible/invisible required/optional mandatory/voluntary voluntary/compulsory happy/unhappy
satisfied/dissatisfied comfortable/uncomfortable useful/useless fewer/more everyone/nobody everything/nothing all/none
liberal/conservative democratic/authoritarian religious/secular peace/war friend/enemy allies/enemies ally/enemy
heaven/hell land/sea solid/liquid
"""


def _opposites() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for pair in _PAIRS.split():
        one, other = pair.split("/")
        found[one] += [other] if other not in found[one] else []
        found[other] += [one] if one not in found[other] else []
    return {word: tuple(others) for word, others in found.items()}


ANTONYMS = _opposites()
"""A lower-case word to its opposites; 457 words."""
