// Puts the block in a page, where its script tag stands. Nothing here is shared, stored or loaded.
(() => {
  "use strict";
  const news = {{ news }};

  const script = document.currentScript;
  if (!script || !script.parentNode || script.closest("head")) {
    console.warn("oncofeed: the block stands where its script tag does, so that belongs into the body, and is no module");
    return;
  }
  const before = script.previousElementSibling;
  const fallback = before && before.hasAttribute("data-oncofeed-fallback") ? before : null;
  if (!news.items.length && fallback) return;

  const asked = (name, least, most, usual) => {
    const number = Number.parseInt(script.getAttribute(name), 10);
    return Number.isNaN(number) ? usual : Math.min(Math.max(number, least), most);
  };
  const element = (name, part, ...children) => {
    const made = document.createElement(name);
    if (part) made.setAttribute("part", part);
    made.append(...children);
    return made;
  };
  // Text of any direction, which must not turn what is around it.
  const text = (words) => element("bdi", "", words);
  const link = (words, address, label) => {
    const made = element("a", "link", text(words));
    made.href = address;
    made.rel = news.rel;
    if (label) made.setAttribute("aria-label", label);
    return made;
  };

  const level = asked("data-heading", 1, 6, 2);
  const source = (item) => {
    const day = element("time", "", item.day);
    day.dateTime = item.date;
    return element("p", "source", text(item.source), ", ", day);
  };
  const also = (item) => {
    const line = element("p", "also", "Also reported by ");
    item.also.forEach((other, place) => {
      if (place > 0) line.append(", ");
      line.append(link(other.source, other.url, `${other.source}: ${other.title}`));
    });
    return line;
  };
  const article = (item) => {
    const made = element("article", "item");
    made.append(element(`h${Math.min(level + 1, 6)}`, "title", link(item.title, item.url)));
    if (item.labels.length) made.append(element("p", "labels", item.labels.join(" · ")));
    if (item.excerpt) made.append(element("p", "excerpt", text(item.excerpt)));
    made.append(source(item));
    if (item.also.length) made.append(also(item));
    return made;
  };

  const section = element("section", "block");
  const heading = element(`h${level}`, "heading", text(news.title));
  heading.id = "heading";
  section.setAttribute("aria-labelledby", "heading");
  section.append(heading, ...news.items.slice(0, asked("data-items", 1, news.items.length, news.headlines)).map(article));
  if (!news.items.length) section.append(element("p", "", "No news yet."));
  section.append(element("p", "more", link(`More: ${news.title}`, news.page)));

  const block = document.createElement("div");
  block.className = "oncofeed";
  block.lang = news.language;
  const root = block.attachShadow({ mode: "open" });
  try {
    // A page's policy may forbid style elements, not style sheets like this one.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(news.style);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement("style");
    style.textContent = news.style;
    root.append(style);
  }
  root.append(section);

  if (fallback) fallback.replaceWith(block);
  else script.before(block);
})();
