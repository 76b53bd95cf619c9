"""The daemon, serving a thousand difficult items in four channels.

By itself it says where, until it is interrupted: for whoever wants to show them to one more program.

    ONCOFEED=target/debug/oncofeed python tests/interop/thousand.py
"""

import json
import time
from contextlib import contextmanager

import difficult
from installation import Installation
from publisher import Publisher

CHANNELS = [f"channel-{n}" for n in range(difficult.FEEDS)]


def channel(n):
    return (
        f'[[channel]]\nid = "channel-{n}"\ntitle = "Channel {n}: R&D <b>news</b>"\ntopics = ["topic-{n}"]\nlimit = 500\n'
        'headlines = 20\nper_source = 500\nmax_age = "3650d"\nrelevance = false\n'
    )


def source(n, url):
    return (
        f"[[source]]\nname = 'Source {n} & <i>sons</i>'\nid = \"source-{n}\"\nurl = \"{url}\"\ntopics = [\"topic-{n}\"]\n"
    )


def is_complete(installation):
    feeds = [installation.get(f"{channel}.json") for channel in CHANNELS]
    return all(feed and len(json.loads(feed)["items"]) == difficult.ENTRIES_PER_FEED for feed in feeds)


@contextmanager
def published():
    publisher = Publisher()
    numbers = range(difficult.FEEDS)
    for n in numbers:
        write = difficult.atom if n % 2 else difficult.rss
        publisher.serve(f"/{n}", write(f"Feed {n}", difficult.entries(n)), "application/xml")
    feeds = "".join(channel(n) for n in numbers) + "".join(source(n, publisher.url(f"/{n}")) for n in numbers)
    installation = Installation(feeds)
    try:
        installation.start(is_complete)
        yield installation
    finally:
        installation.stop()
        publisher.stop()


if __name__ == "__main__":
    with published() as installation:
        for name in CHANNELS:
            print(installation.url(f"{name}.rss"), installation.url(f"{name}.atom"), flush=True)
        while True:
            time.sleep(60)
