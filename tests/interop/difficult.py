"""A thousand entries of the kind that break readers, the same in every run.

Each has words of its own, so that no two are taken for one story.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from html import escape

FEEDS = 4
ENTRIES_PER_FEED = 250

NEWEST = datetime(2026, 6, 30, 9, 0, tzinfo=timezone.utc)

# What is put into titles and summaries, as the text that is meant.
TEXTS = [
    "p<0.05 & HR<1",
    "R&D at AT&T's lab",
    "a < b > c",
    "<script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    "<b>bold</b> as text",
    "&lt;b&gt; escaped as text",
    "&amp;amp; twice",
    "&#60;svg onload=alert(1)&#62;",
    "]]> ends no CDATA",
    "<![CDATA[ begins none ]]>",
    "<!-- no comment -->",
    "<?php echo 1 ?>",
    "\"double\" and 'single' and `back`",
    "javascript:alert(1)",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "Zażółć gęślą jaźń",
    "肺がんの新薬",
    "سرطان الثدي",
    "סרטן השד (HER2+)",
    "before \u202eevil\u202c after",
    "\u2067isolated\u2069 text",
    "\U0001f397\ufe0f ribbon \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001d54c\U0001d55f\U0001d55a math",
    "e\u0301 combining a\u030a",
    "Z\u0351\u0362\u0343algo",
    "line\u2028separator\u2029here",
    "non\u00a0breaking\u202fspaces",
    "soft\u00adhyphen zero\u200bwidth",
    "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3,
    "β-catenin ≥ 50 % ± 3 µg/m²",
    "“quoted” – dashed — ellipsis…",
    "C:\\x %2F%3Cb%3E",
    "1 < 2",
    "x<y",
    "5>3",
    "ﬁne ligatures Ǆ",
    "\ufeffmarked",
    "\ufffdreplaced",
    "ends with &",
    "ends with <",
    "-->",
    "'; DROP TABLE items; --",
]

DATES = ["rfc822", "rfc822", "rfc822", "iso", "none", "future", "ancient"]


@dataclass
class Entry:
    number: int
    title: str
    summary: str
    date: str
    authors: list = field(default_factory=list)
    categories: list = field(default_factory=list)

    @property
    def link(self):
        return f"https://publisher.example/{self.number}?a=1&b={self.number}"


def word(chance):
    return "".join(chance.choice("bcdfghklmnprstvwz") + chance.choice("aeiou") for _ in range(4))


def words(chance, count):
    return " ".join(word(chance) for _ in range(count))


def entries(feed):
    chance = random.Random(feed)
    return [entry(chance, feed * ENTRIES_PER_FEED + n) for n in range(ENTRIES_PER_FEED)]


def entry(chance, number):
    odd = TEXTS[number % len(TEXTS)]
    title = chance.choice(["{own} {odd}", "{odd} {own}", "{own} {odd} {more}"])
    summary = chance.choice(["", "{own} {odd}.", "{odd} {long}", "{long} {odd} {long}"])
    fill = {"own": words(chance, 4), "more": words(chance, 2), "long": words(chance, 40), "odd": odd}
    return Entry(
        number,
        title.format(**fill),
        summary.format(**fill),
        date(chance, number),
        [chance.choice(TEXTS) for _ in range(chance.randrange(4))],
        [chance.choice(TEXTS) for _ in range(chance.randrange(4))],
    )


def date(chance, number):
    at = NEWEST - timedelta(minutes=37 * number)
    return {
        "rfc822": at.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "iso": at.isoformat(),
        "none": "",
        "future": "Tue, 01 Jan 2099 00:00:00 GMT",
        "ancient": "Thu, 01 Jan 1970 00:00:00 GMT",
    }[chance.choice(DATES)]


def rss(title, entries):
    """Text that is HTML source, escaped or in CDATA by turns."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(title)}</title>{''.join(map(item, entries))}</channel></rss>"
    )


def item(entry):
    source = escape(entry.summary)
    cdata = entry.number % 2 and "]]>" not in source
    summary = f"<![CDATA[<p>{source}</p>]]>" if cdata else escape(f"<p>{source}</p>")
    return (
        f"<item><guid isPermaLink='false'>entry-{entry.number}</guid><title>{escape(escape(entry.title))}</title>"
        f"<link>{escape(entry.link)}</link><description>{summary if entry.summary else ''}</description>"
        + (f"<pubDate>{entry.date}</pubDate>" if entry.date else "")
        + "".join(f"<dc:creator>{escape(escape(name))}</dc:creator>" for name in entry.authors)
        + "".join(f"<category>{escape(escape(name))}</category>" for name in entry.categories)
        + "</item>"
    )


def atom(title, entries):
    """Text as text and as HTML by turns."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>urn:difficult</id><title>{escape(title)}</title><updated>{NEWEST.isoformat()}</updated>"
        f"{''.join(map(atom_entry, entries))}</feed>"
    )


def atom_entry(entry):
    return (
        f"<entry><id>entry-{entry.number}</id><title type='html'>{escape(escape(entry.title))}</title>"
        f"<link href='{escape(entry.link)}'/>"
        + (f"<summary type='html'>{escape(escape(entry.summary))}</summary>" if entry.summary else "")
        + (f"<published>{entry.date}</published>" if entry.date else "")
        + "".join(f"<author><name>{escape(name)}</name></author>" for name in entry.authors)
        + "".join(f"<category term='{escape(name)}'/>" for name in entry.categories)
        + "</entry>"
    )
