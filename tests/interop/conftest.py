"""What the tests share: an installation that publishes a thousand difficult items."""

import pytest

import difficult
import thousand


@pytest.fixture(scope="session")
def published():
    """The daemon, serving all of it."""
    with thousand.published() as installation:
        yield installation


@pytest.fixture(scope="session")
def meant(published):
    """What each channel is meant to say, as `oncofeed items` tells it, by channel and by id."""
    channels = {}
    for item in published.items():
        assert not item["also"], "a story has the id that it was first published with, which may be another copy's"
        for field in ["title", "excerpt", "source"]:
            # What nobody could read is published as a question mark.
            item[field] = item[field] and item[field].replace("\ufffd", "?")
        for name in item["channels"]:
            channels.setdefault(name, {})[f"urn:uuid:{item['id']}"] = item
    assert sum(map(len, channels.values())) == difficult.FEEDS * difficult.ENTRIES_PER_FEED
    return channels
