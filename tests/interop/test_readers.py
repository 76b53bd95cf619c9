"""Other people's readers find in our files what we meant: the real programs, over HTTP."""

import calendar
import html
import json
import re
import sqlite3
import subprocess
from datetime import datetime, timezone
from pathlib import Path

import feedparser
import pytest

from thousand import CHANNELS

READ_FEED = Path(__file__).parent / "read_feed.cjs"

EARLIEST = datetime(1990, 1, 1, tzinfo=timezone.utc)


def seconds(item):
    """When an item is dated, in whole seconds: its own date counts where it is plausible."""
    seen = datetime.fromisoformat(item["first_seen"])
    own = datetime.fromisoformat(item["published"]) if item["published"] else None
    return int((own if own and EARLIEST <= own <= seen else seen).timestamp())


def untagged(text):
    """In RSS and Atom a blank stands behind each `<` that could begin a tag."""
    return re.sub(r"<(?=[^\W\d_]|[/!?])", "< ", text)


def line(text):
    return " ".join(text.split())


def decoded(text):
    """A title may be text or HTML to a reader: the same, once each reference is what it stands for."""
    once = html.unescape(text)
    return line(once if once == text else decoded(once))


def expect(found, meant, title=untagged, summary=None):
    """The items of a channel, each with every field that the reader shows.

    `title` says how the format tells a name or a title, `summary` how it tells the text of an item.
    """
    assert {item["id"] for item in found} == set(meant)
    for item in found:
        want = meant[item["id"]]
        assert decoded(item["title"]) == decoded(title(want["title"])), item["id"]
        assert item["link"] == want["link"], item["id"]
        assert item["date"] == seconds(want), item["id"]
        assert line(item["summary"]) == line(summary(want)), item["id"]
        if "source" in item:
            assert decoded(item["source"]) == decoded(title(want["source"])), item["id"]


def excerpt(item):
    return item["excerpt"] or ""


def atom_summary(item):
    """Where there is no excerpt, an Atom entry names its source."""
    return untagged(item["excerpt"] or item["source"])


def read_by_feedparser(published, name):
    feed = feedparser.parse(published.url(name), sanitize_html=False)
    assert not feed.bozo, feed.get("bozo_exception")
    return [
        {
            "id": entry.id,
            "title": entry.title,
            "link": entry.link,
            "date": calendar.timegm(entry.published_parsed),
            "summary": entry.get("summary", ""),
            "source": entry.source.title,
        }
        for entry in feed.entries
    ]


def html_source(item):
    """A description in RSS is HTML source."""
    return html.escape(excerpt(item), quote=False)


@pytest.mark.parametrize("channel", CHANNELS)
def test_feedparser_reads_rss(published, meant, channel):
    expect(read_by_feedparser(published, f"{channel}.rss"), meant[channel], summary=html_source)


@pytest.mark.parametrize("channel", CHANNELS)
def test_feedparser_reads_atom(published, meant, channel):
    expect(read_by_feedparser(published, f"{channel}.atom"), meant[channel], summary=atom_summary)


def read_by_node(published, name):
    done = subprocess.run(["node", READ_FEED, published.url(name)], capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)


def timestamp(text):
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize("channel", CHANNELS)
def test_rss_parser_reads_rss(published, meant, channel):
    found = [
        {
            "id": item["guid"],
            "title": item["title"],
            "link": item["link"],
            "date": timestamp(item["isoDate"]),
            "summary": item.get("content", ""),
            "source": item["source"],
        }
        for item in read_by_node(published, f"{channel}.rss")["items"]
    ]
    expect(found, meant[channel], summary=html_source)


@pytest.mark.parametrize("channel", CHANNELS)
def test_rss_parser_reads_atom(published, meant, channel):
    found = [
        {
            "id": item["id"],
            "title": item["title"],
            "link": item["link"],
            "date": timestamp(item["isoDate"]),
            "summary": item["summary"],
            "source": item["source"]["title"][0]["_"],
        }
        for item in read_by_node(published, f"{channel}.atom")["items"]
    ]
    expect(found, meant[channel], summary=atom_summary)


@pytest.mark.parametrize("channel", CHANNELS)
def test_two_parsers_read_json_feed(published, meant, channel):
    feed = read_by_node(published, f"{channel}.json")
    assert feed == json.loads(published.get(f"{channel}.json"))
    found = [
        {
            "id": item["id"],
            "title": item["title"],
            "link": item["url"],
            "date": timestamp(item["date_published"]),
            "summary": item.get("summary", ""),
            "source": item["_oncofeed"]["source"]["name"],
        }
        for item in feed["items"]
    ]
    expect(found, meant[channel], title=str, summary=excerpt)


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_newsboat_keeps_all_of_it(published, meant, tmp_path, suffix):
    addresses = {published.url(f"{channel}.{suffix}"): channel for channel in CHANNELS}
    (tmp_path / "urls").write_text("\n".join(addresses) + "\n")
    (tmp_path / "config").write_text("suppress-first-reload yes\n")
    names = {"urls": "-u", "config": "-C", "cache.db": "-c"}
    files = [argument for name, flag in names.items() for argument in (flag, tmp_path / name)]
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    subprocess.run(["newsboat", *files, "-x", "reload"], check=True, env=environment, capture_output=True, timeout=60)
    rows = sqlite3.connect(tmp_path / "cache.db").execute(
        "SELECT feedurl, guid, title, url, pubDate, content FROM rss_item"
    )
    found = {channel: [] for channel in CHANNELS}
    for feed, guid, title, url, date, content in rows:
        found[addresses[feed]].append(
            {"id": guid, "title": title, "link": url, "date": date, "summary": html.unescape(content)}
        )
    # It keeps HTML source of RSS, and text of Atom, of which it tells neither from the other.
    summary = excerpt if suffix == "rss" else lambda item: html.unescape(atom_summary(item))
    for channel, items in found.items():
        expect(items, meant[channel], summary=summary)
