"""A few items as readers would see them, and pages of other sites that show them."""

from html import escape

# (guid, title, summary, link): what one source says, and what another says of the same pages.
CHARITY = [
    (
        "1",
        "Shorter chemotherapy is enough for many people with early bowel cancer, trial shows",
        "Three months of treatment worked as well as six for most people in the trial, with far less damage to nerves. "
        "Researchers followed more than six thousand people in twelve countries for eight years, and say that the shorter "
        "course should now be offered to all but those at the highest risk.",
    ),
    (
        "2",
        "NICE recommends a new combination for advanced ovarian cancer",
        "Around 1,200 people a year in England could benefit from the recommendation, which comes after talks on price.",
    ),
    ("3", "A blood test that tells who needs more treatment after surgery", ""),
    (
        "4",
        "Extravasation of vinca alkaloids: what the new guidance changes for nurses",
        "The guidance says what to stop, what to cool and what to keep warm, and whom to call; and that p<0.05 is not all.",
    ),
    (
        "5",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft funds a breast cancer registry",
        "A word that no line of a phone holds, in the middle of an otherwise quiet text on a registry for breast cancer.",
    ),
    ("6", "דיווח חדש על טיפול בסרטן השד", "כימותרפיה לפני ניתוח מקטינה את הגידול אצל רוב החולות."),
    ("7", "Pharmacists check every cycle: how one trust cut chemotherapy errors by half", "Two checks, one list."),
]

TRADE = [
    (
        "a",
        "Shorter chemotherapy is enough for many people with early bowel cancer, trial shows",
        "Three months of treatment worked as well as six for most people in the trial, with far less damage to nerves.",
    ),
]

FEEDS = """
[[channel]]
id = "latest-news"
title = "Latest news"
topics = ["research"]
headlines = 5
max_age = "3650d"
relevance = false

[[channel]]
id = "whats-new"
title = "What's new"
topics = ["policy"]
relevance = false

[[channel]]
id = "quiet"
topics = ["policy"]
sites = ["sarcoma"]
relevance = false

[[source]]
name = "Cancer Research UK"
url = "{charity}"
topics = ["research"]
priority = 70

[[source]]
name = "Pharmacy in Practice"
url = "{trade}"
topics = ["research", "policy"]
"""


def rss(entries, first_day):
    items = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{escape(escape(title))}</title>"
        f"<link>https://publisher.example/{guid}</link><description>{escape(escape(text))}</description>"
        f"<pubDate>Mon, {first_day - n:02} Jun 2026 09:00:00 GMT</pubDate></item>"
        for n, (guid, title, text) in enumerate(entries)
    )
    return f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>"


def page(body, style="/site.css"):
    """A page of another site."""
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>A hospital</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="{style}"></head><body><header><p>A hospital</p></header>'
        f"<main><h1>Oncology</h1>{body}</main></body></html>"
    )


SITE = """
:root { color-scheme: light dark }
body { margin: 1rem; font-family: "Courier New", monospace; background: Canvas; color: CanvasText }
"""

# What styles of large sites do to what they did not expect, and worse.
HOSTILE = """
* { line-height: 0 !important; text-indent: -9999px; letter-spacing: 3em; white-space: nowrap; text-transform: uppercase }
section, article, h1, h2, h3, p, a, bdi, time { color: #fff !important; font-size: 3px !important }
div, section, article { display: none !important; opacity: 0 !important; position: absolute !important; left: -9999px }
div { height: 0 !important; overflow: hidden !important; visibility: hidden !important; transform: scale(0) !important }
a { display: none !important; pointer-events: none !important }
h1, h2, h3, h4, p, time, bdi { position: absolute !important; clip-path: inset(50%) !important; float: right }
.oncofeed { max-height: 0 !important; clip: rect(0 0 0 0) !important; width: 0 !important }
#heading, [part] { display: none !important }
"""
