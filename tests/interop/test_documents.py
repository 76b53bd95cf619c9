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


def test_opml_lists_the_sources(published):
    root = ElementTree.fromstring(published.get("sources.opml"))
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    outlines = root.findall("body/outline")
    assert len(outlines) == FEEDS
    for outline in outlines:
        assert outline.get("type") == "rss" and outline.get("text") and outline.get("xmlUrl").startswith("http")
