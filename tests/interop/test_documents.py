"""Our documents are what their formats say."""

import json
import xml.etree.ElementTree as ElementTree
from datetime import datetime
from pathlib import Path

import html5lib
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from difficult import FEEDS
from thousand import CHANNELS

SCHEMA = json.loads((Path(__file__).parent / "jsonfeed.schema.json").read_text())

FORMATS = FormatChecker()


@FORMATS.checks("date-time", raises=ValueError)
def is_date_time(text):
    return datetime.fromisoformat(text).tzinfo is not None


@pytest.mark.parametrize("channel", CHANNELS)
def test_json_feed_is_by_its_schema(published, channel):
    feed = json.loads(published.get(f"{channel}.json"))
    faults = list(Draft202012Validator(SCHEMA, format_checker=FORMATS).iter_errors(feed))
    assert not faults, faults[0]


def test_the_schema_finds_faults(published):
    feed = json.loads(published.get("channel-0.json"))
    validator = Draft202012Validator(SCHEMA, format_checker=FORMATS)
    for change in [
        lambda item: item.pop("id"),
        lambda item: item.update(url="javascript:alert(1)"),
        lambda item: item.update(date_published="yesterday"),
        lambda item: item.update(authors=[]),
        lambda item: item.update(extra=1),
    ]:
        broken = json.loads(json.dumps(feed))
        change(broken["items"][0])
        assert not validator.is_valid(broken)


@pytest.mark.parametrize("name", [*(f"{channel}.html" for channel in CHANNELS), "index.html"])
def test_pages_parse_without_an_error(published, name):
    html5lib.HTMLParser(strict=True).parse(published.get(name))


@pytest.mark.parametrize("channel", CHANNELS)
def test_blocks_parse_without_an_error(published, channel):
    html5lib.HTMLParser(strict=True).parseFragment(published.get(f"{channel}.fragment.html"), container="div")


def properties(item):
    """Names and values of an item's own properties, as a search engine collects them."""
    found = {}
    for node in item.iter():
        name = node.get("itemprop")
        owner = node.getparent()
        while owner is not None and owner is not item and owner.get("itemscope") is None:
            owner = owner.getparent()
        if name and owner is item:
            value = node.get("href") or node.get("datetime") or node.get("content") or "".join(node.itertext())
            found.setdefault(name, []).append(node if node.get("itemscope") is not None else value)
    return found


@pytest.mark.parametrize("suffix", ["html", "fragment.html"])
def test_search_engines_find_a_list_of_articles(published, suffix):
    page = html5lib.parse(published.get(f"channel-1.{suffix}"), treebuilder="lxml", namespaceHTMLElements=False)
    (news,) = page.xpath("//*[@itemtype='https://schema.org/ItemList']")
    feed = json.loads(published.get("channel-1.json"))
    listed = properties(news)
    assert listed["name"] == [feed["title"]]
    articles = [properties(article) for article in listed["itemListElement"]]
    assert len(articles) == (20 if suffix == "fragment.html" else len(feed["items"]))
    items = {item["url"]: item for item in feed["items"]}
    for article in articles:
        item = items[article["url"][0]]
        assert article["headline"] == [item["title"]]
        assert article["datePublished"] == [item["date_published"]]
        assert article.get("description", [""]) == [item["content_text"]]
        assert properties(article["publisher"][0])["name"] == [item["_oncofeed"]["source"]["name"]]


def test_opml_lists_the_sources(published):
    root = ElementTree.fromstring(published.get("sources.opml"))
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    outlines = root.findall("body/outline")
    assert len(outlines) == FEEDS
    for outline in outlines:
        assert outline.get("type") == "rss" and outline.get("text") and outline.get("xmlUrl").startswith("http")
