"""Pages and block in a real browser, on the real daemon: what people see, and what programs hold against it."""

import json

import pytest
from playwright.sync_api import sync_playwright

import look
from browser import visit
from installation import Installation
from publisher import Publisher

WIDTHS = [320, 768, 1280]
SCHEMES = ["light", "dark"]
PAGES = ["latest-news.html", "whats-new.html", "index.html"]


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site():
    """Another site, which embeds our block."""
    publisher = Publisher()
    publisher.serve("/charity", look.rss(look.CHARITY, 20), "application/rss+xml")
    publisher.serve("/trade", look.rss(look.TRADE, 20), "application/rss+xml")
    publisher.serve("/site.css", look.SITE, "text/css")
    publisher.serve("/hostile.css", look.HOSTILE, "text/css")
    publisher.serve("/favicon.ico", "", "image/x-icon")
    yield publisher
    publisher.stop()


@pytest.fixture(scope="module")
def news(site):
    """The daemon, with the few items of `look`."""
    installation = Installation(look.FEEDS.format(charity=site.url("/charity"), trade=site.url("/trade")))
    installation.start(lambda self: items(self, "latest-news") == len(look.CHARITY) and items(self, "whats-new") == 1)
    yield installation
    installation.stop()


def items(installation, channel):
    text = installation.get(f"{channel}.json")
    return len(json.loads(text)["items"]) if text else 0


def embed(site, news, name, attributes="", style="/site.css", channel="latest-news", times=1):
    """A page that embeds the block, under a policy that allows the script and nothing else of us."""
    script = (
        f'<p data-oncofeed-fallback><a href="{news.url(f"{channel}.html")}">Latest news, elsewhere</a></p>'
        f'<script src="{news.url(f"{channel}.js")}" {attributes} async></script>'
    )
    policy = (
        f"default-src 'none'; style-src 'self'; script-src {news.url('')}; base-uri 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    site.serve(f"/{name}", look.page(script * times, style), "text/html", Content_Security_Policy=policy)
    return site.url(f"/{name}")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_sound(chromium, news, name, width, scheme):
    with visit(chromium, width, scheme) as seen:
        page = seen.go(news.url(name))
        seen.screenshot(f"{name.removesuffix('.html')}-{width}-{scheme}")
        assert seen.faults == []
        assert seen.overflow() <= 0
        assert seen.violations() == []
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
        assert dark == (scheme == "dark")


def test_a_page_names_its_items_and_their_sources(chromium, news):
    with visit(chromium) as seen:
        page = seen.go(news.url("latest-news.html"))
        articles = page.locator("article")
        assert articles.count() == len(look.CHARITY)
        first = articles.first.inner_text()
        assert look.CHARITY[0][1] in first and "Cancer Research UK, 20 June 2026" in first
        assert "Also reported by Pharmacy in Practice" in first
        links = page.locator("a").evaluate_all(
            "links => links.map(link => [link.getAttribute('aria-label') || link.textContent, link.href])"
        )
        addresses = {}
        for text, address in links:
            assert len(text) > 5, f"{text!r} says nothing alone"
            assert addresses.setdefault(text, address) == address, f"{text!r} leads to two places"


def test_a_page_reads_the_same_without_script(chromium, news):
    texts = []
    for script in [True, False]:
        with visit(chromium, java_script_enabled=script) as seen:
            texts.append(seen.go(news.url("latest-news.html")).locator("body").inner_text())
    assert texts[0] == texts[1]


def test_a_page_is_read_without_its_style(chromium, news):
    with visit(chromium) as seen:
        page = seen.go(news.url("latest-news.html"))
        page.evaluate("document.querySelectorAll('style').forEach(style => style.remove())")
        assert all(article.is_visible() for article in page.locator("article").all())
        seen.screenshot("latest-news-unstyled")


def test_print_loses_nothing(chromium, news):
    with visit(chromium) as seen:
        page = seen.go(news.url("latest-news.html"))
        page.emulate_media(media="print")
        assert all(article.is_visible() for article in page.locator("article").all())
        seen.screenshot("latest-news-print")
        address = page.evaluate("getComputedStyle(document.querySelector('article a'), '::after').content")
        assert "https://publisher.example/" in address


def focused(page):
    """Where the focus is, through shadow roots, and whether it can be seen."""
    return page.evaluate(
        """() => {
        let at = document.activeElement;
        while (at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(at);
        return at === document.body ? null : [at.textContent, outlineStyle !== "none" && parseFloat(outlineWidth) > 0];
    }"""
    )


def tabbed(page, count):
    stops = []
    for _ in range(count):
        page.keyboard.press("Tab")
        stops.append(focused(page))
    return stops


def test_the_keyboard_goes_as_the_eye_does(chromium, news, site):
    with visit(chromium) as seen:
        page = seen.go(news.url("latest-news.html"))
        links = page.locator("a").all_text_contents()
        stops = tabbed(page, len(links))
        assert [stop[0] for stop in stops] == links and all(stop[1] for stop in stops)
        page = seen.go(embed(site, news, "keyboard"))
        links = page.locator(".oncofeed a").all_text_contents()
        stops = tabbed(page, len(links))
        assert [stop[0] for stop in stops] == links and all(stop[1] for stop in stops)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_block_is_sound_on_another_site(chromium, news, site, width, scheme):
    with visit(chromium, width, scheme) as seen:
        page = seen.go(embed(site, news, "embed"))
        seen.screenshot(f"embed-{width}-{scheme}")
        assert seen.faults == []
        assert seen.overflow() <= 0
        assert seen.violations() == []
        block = page.locator(".oncofeed")
        assert block.locator("h2").inner_text() == "Latest news"
        assert block.locator("h3").count() == 5
        assert page.locator("[data-oncofeed-fallback]").count() == 0


def test_the_block_asks_for_nothing_but_itself(chromium, news, site):
    with visit(chromium) as seen:
        page = seen.go(embed(site, news, "alone"))
        ours = [url for url in seen.requests if not url.startswith(site.url(""))]
        assert ours == [news.url("latest-news.js")]
        assert page.context.cookies() == []
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0


@pytest.mark.parametrize(
    "attributes, heading, title, count",
    [
        ('data-items="2" data-heading="3"', "h3", "h4", 2),
        ('data-items="0" data-heading="9"', "h6", "h6", 1),
        ('data-items="many" data-heading=""', "h2", "h3", 5),
        ('data-items="99" data-heading="1"', "h1", "h2", len(look.CHARITY)),
    ],
)
def test_a_site_says_how_many_and_how_deep(chromium, news, site, attributes, heading, title, count):
    with visit(chromium) as seen:
        page = seen.go(embed(site, news, "asked", attributes))
        block = page.locator(".oncofeed")
        assert block.locator("[part=heading]").evaluate("at => at.localName") == heading
        assert block.locator(f"{title}[part=title]").count() == count


def test_the_block_takes_the_fonts_and_colours_of_the_site(chromium, news, site):
    style = look.SITE + ".oncofeed { --oncofeed-link: rgb(0, 60, 120); --oncofeed-quiet: rgb(80, 80, 80); --oncofeed-gap: 2rem }"
    site.serve("/own.css", style + ".oncofeed::part(heading) { font-style: italic }", "text/css")
    with visit(chromium) as seen:
        page = seen.go(embed(site, news, "own", style="/own.css"))
        look_of = lambda part, property: page.locator(f".oncofeed [part={part}]").first.evaluate(
            f"at => getComputedStyle(at).{property}"
        )
        assert look_of("excerpt", "fontFamily").startswith('"Courier New"')
        assert look_of("link", "color") == "rgb(0, 60, 120)"
        assert look_of("source", "color") == "rgb(80, 80, 80)"
        assert look_of("item", "paddingTop") == "32px"
        assert look_of("heading", "fontStyle") == "italic"
        seen.screenshot("embed-own-style")


def test_a_hostile_style_hides_nothing(chromium, news, site):
    with visit(chromium) as seen:
        page = seen.go(embed(site, news, "hostile", style="/hostile.css"))
        seen.screenshot("embed-hostile-style")
        titles = page.locator(".oncofeed [part=title] a")
        assert titles.count() == 5
        for title in titles.all():
            title.scroll_into_view_if_needed()
            assert title.is_visible()
            # What is at the middle of its first line is the title itself: nothing covers it, and it can be pressed.
            hit = title.evaluate(
                """at => {
                const box = at.getClientRects()[0];
                const found = at.getRootNode().elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                return at.contains(found) && box.height > 8;
            }"""
            )
            assert hit


def test_a_script_that_cannot_stand_anywhere_says_so(chromium, news, site):
    script = f'<p data-oncofeed-fallback>Elsewhere</p><script type="module" src="{news.url("latest-news.js")}"></script>'
    site.serve("/module", look.page(script), "text/html")
    with visit(chromium) as seen:
        page = seen.go(site.url("/module"))
        assert page.locator("[data-oncofeed-fallback]").is_visible()
        assert len(seen.faults) == 1 and "belongs into the body" in seen.faults[0]


def test_two_blocks_stand_on_one_page(chromium, news, site):
    with visit(chromium) as seen:
        page = seen.go(embed(site, news, "twice", times=2))
        assert page.locator(".oncofeed").count() == 2
        assert seen.faults == []


def test_a_fragment_fits_into_a_page(chromium, news, site):
    site.serve("/own.css", look.SITE + ".oncofeed { overflow-wrap: anywhere }", "text/css")
    site.serve("/included", look.page(news.get("latest-news.fragment.html"), "/own.css"), "text/html")
    with visit(chromium, 320) as seen:
        seen.go(site.url("/included"))
        seen.screenshot("fragment-320")
        assert seen.violations() == []
        assert seen.overflow() <= 0


def test_the_fallback_stays_while_there_is_no_news(chromium, site, news):
    with visit(chromium) as seen:
        page = seen.go(embed(site, news, "quiet", channel="quiet"))
        assert page.locator("[data-oncofeed-fallback]").is_visible()
        assert page.locator(".oncofeed").count() == 0
        assert "No news yet." in seen.go(news.url("quiet.html")).locator("main").inner_text()


def test_the_fallback_stays_when_we_are_down(chromium, site, news):
    down = Installation("")
    with visit(chromium) as seen:
        page = seen.go(embed(site, down, "down"))
        seen.screenshot("embed-down")
        assert page.locator("[data-oncofeed-fallback]").is_visible()
        assert page.locator(".oncofeed").count() == 0
        assert all("ERR_CONNECTION_REFUSED" in fault for fault in seen.faults), seen.faults
