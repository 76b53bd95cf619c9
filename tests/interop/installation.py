"""oncofeed as somebody installed it: a folder with both files, and the daemon in it."""

import json
import os
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

PROGRAM = os.environ["ONCOFEED"]

# Far more than anything here takes on a busy machine.
PATIENCE_S = 60

CONFIG = """
[site]
title = "UK Chemotherapy Partnership"
home = "https://chemo.example/"
base_url = "http://127.0.0.1:{port}/"
[fetch]
allow_addresses = ["127.0.0.0/8"]
tick = "* * * * * *"
per_host = 8
[serve]
listen = "127.0.0.1:{port}"
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Installation:
    def __init__(self, feeds):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name)
        self.port = free_port()
        (self.path / "config").mkdir()
        (self.path / "config/oncofeed.toml").write_text(CONFIG.format(port=self.port))
        (self.path / "feeds.toml").write_text(feeds)
        self.daemon = None

    def url(self, name):
        return f"http://127.0.0.1:{self.port}/{name}"

    def run(self, *arguments):
        done = subprocess.run([PROGRAM, *arguments], cwd=self.path, capture_output=True, text=True, timeout=PATIENCE_S)
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    def items(self):
        return json.loads(self.run("items", "--limit", "5000", "--json"))

    def start(self, until):
        """Starts the daemon, and waits until it serves what was promised."""
        log = open(self.path / "log", "w")
        self.daemon = subprocess.Popen([PROGRAM, "run"], cwd=self.path, stderr=log)
        deadline = time.monotonic() + PATIENCE_S
        while not until(self):
            assert self.daemon.poll() is None, (self.path / "log").read_text()
            assert time.monotonic() < deadline, (self.path / "log").read_text()
            time.sleep(0.1)

    def get(self, name):
        """The document as text; None where nobody answers."""
        try:
            with urllib.request.urlopen(self.url(name), timeout=PATIENCE_S) as answer:
                return answer.read().decode()
        except (urllib.error.URLError, ConnectionError):
            return None

    def stop(self):
        if self.daemon:
            self.daemon.terminate()
            self.daemon.wait(PATIENCE_S)
            self.daemon = None
