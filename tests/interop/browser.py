"""A real browser on a page, and all that it has to say."""

import os
from contextlib import contextmanager
from pathlib import Path

AXE = (Path(__file__).parent / "node_modules/axe-core/axe.min.js").read_text()

SCREENSHOTS = Path(os.environ.get("SCREENSHOTS", "screenshots"))

# Tells of violations of a page's policy, which the console alone would mention.
WATCH = "addEventListener('securitypolicyviolation', (e) => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))"


class Visit:
    """One page, as one reader sees it."""

    def __init__(self, context):
        self.page = context.new_page()
        self.faults = []
        self.requests = []
        self.page.on("console", lambda message: message.type in ("error", "warning") and self.faults.append(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def go(self, url):
        self.page.goto(url, wait_until="networkidle")
        return self.page

    def violations(self):
        """What axe-core holds against the page."""
        self.page.evaluate(AXE)
        found = self.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]

    def overflow(self):
        """How many pixels stand out of the window to the right."""
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def screenshot(self, name):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


@contextmanager
def visit(chromium, width=768, scheme="light", **options):
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
    context.add_init_script(WATCH)
    yield Visit(context)
    context.close()
