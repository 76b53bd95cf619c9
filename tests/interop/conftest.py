"""What the tests share: an installation that publishes a thousand difficult items."""

import json

import pytest

import difficult
from installation import Installation
from publisher import Publisher


def channel(n):
    return (
        f'[[channel]]\nid = "channel-{n}"\ntitle = "Channel {n}: R&D <b>news</b>"\ntopics = ["topic-{n}"]\nlimit = 500\n'
        'headlines = 20\nper_source = 500\nmax_age = "3650d"\nrelevance = false\n'
    )


def source(n, url):
    return (
        f"[[source]]\nname = 'Source {n} & <i>sons</i>'\nid = \"source-{n}\"\nurl = \"{url}\"\ntopics = [\"topic-{n}\"]\n"
    )


def count(installation, n):
    text = installation.get(f"channel-{n}.json")
    return len(json.loads(text)["items"]) if text else 0


@pytest.fixture(scope="session")
def published():
    """The daemon, serving all of it."""
    publisher = Publisher()
    numbers = range(difficult.FEEDS)
    for n in numbers:
        write = difficult.atom if n % 2 else difficult.rss
        publisher.serve(f"/{n}", write(f"Feed {n}", difficult.entries(n)), "application/xml")
    feeds = "".join(channel(n) for n in numbers) + "".join(source(n, publisher.url(f"/{n}")) for n in numbers)
    installation = Installation(feeds)
    installation.start(lambda self: all(count(self, n) == difficult.ENTRIES_PER_FEED for n in numbers))
    yield installation
    installation.stop()
    publisher.stop()


@pytest.fixture(scope="session")
def meant(published):
    """What each channel is meant to say, as `oncofeed items` tells it, by channel and by id."""
    channels = {}
    for item in published.items():
        for field in ["title", "excerpt", "source"]:
            # What nobody could read is published as a question mark.
            item[field] = item[field] and item[field].replace("\ufffd", "?")
        assert not item["also"], "a story has the id that it was first published with, which may be another copy's"
        for name in item["channels"]:
            channels.setdefault(name, {})[f"urn:uuid:{item['id']}"] = item
    assert sum(map(len, channels.values())) == difficult.FEEDS * difficult.ENTRIES_PER_FEED
    return channels
