"""What Python's feedparser makes of each file of a folder, one JSON line each. The yardstick of suite/corpus.rs."""

import calendar
import json
import multiprocessing
import os
import sys

import feedparser
from feedparser.datetimes import _parse_date


def instant(entry):
    for key in ("published_parsed", "created_parsed", "updated_parsed"):
        value = entry.get(key)
        if value:
            try:
                return calendar.timegm(value)
            except (OverflowError, ValueError):
                continue
    return None


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    if data.lstrip().startswith(b"{"):
        return {"file": os.path.basename(path), "entries": read_json(json.loads(data))}
    # No sanitizing and no resolving: what the publisher wrote is compared, not what a browser may show.
    feed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    entries = [
        {
            "id": entry.get("id"),
            "link": entry.get("link"),
            "title": entry.get("title"),
            "date": instant(entry),
            "summary": bool((entry.get("summary") or "").strip())
            or any((content.get("value") or "").strip() for content in entry.get("content", [])),
        }
        for entry in feed.entries
    ]
    return {"file": os.path.basename(path), "entries": entries}


def read_json(feed):
    """feedparser reads no JSON Feed; it only lends its dates."""
    return [
        {
            "id": str(item["id"]) if item.get("id") is not None else None,
            "link": item.get("url") or item.get("external_url"),
            "title": item.get("title"),
            "date": instant({"published_parsed": _parse_date(item.get("date_published") or "")}),
            "summary": any((item.get(key) or "").strip() for key in ("summary", "content_html", "content_text")),
        }
        for item in feed["items"]
    ]


def main():
    folder = sys.argv[1]
    paths = sorted(os.path.join(folder, name) for name in os.listdir(folder))
    with multiprocessing.Pool(2) as pool:
        for result in pool.imap(read, paths, chunksize=8):
            print(json.dumps(result))


if __name__ == "__main__":
    main()
