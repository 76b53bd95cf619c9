//! The rules, as data.

/// Where a rule's pattern holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It is a whole paragraph.
    Paragraph,
    /// It stands at the start of the text; what its first group holds stays.
    Head,
    /// It stands at the end of the text; what its first group holds stays.
    Tail,
}

/// One thing that is no prose.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) place: Place,
    /// Syntax of the `regex` crate. Matched against single paragraphs, or the whole text on one line.
    pub(super) pattern: &'static str,
    /// The case that taught it: a summary, and what is left of it.
    #[cfg_attr(not(test), expect(dead_code, reason = "held by a test"))]
    pub(super) case: (&'static str, &'static str),
}

const fn paragraph(pattern: &'static str, case: (&'static str, &'static str)) -> Rule {
    Rule {
        place: Place::Paragraph,
        pattern,
        case,
    }
}

const fn head(pattern: &'static str, case: (&'static str, &'static str)) -> Rule {
    Rule {
        place: Place::Head,
        pattern,
        case,
    }
}

const fn tail(pattern: &'static str, case: (&'static str, &'static str)) -> Rule {
    Rule {
        place: Place::Tail,
        pattern,
        case,
    }
}

/// Headings of abstracts, which stand for nothing at the start of an excerpt.
pub(super) const LABELS: &str = r"(?:(?:Plain[- ]Language |Graphical |Author )?(?:ABSTRACT|Abstract|SUMMARY|Summary)|(?:BACKGROUND|Background|CONTEXT|Context|INTRODUCTION|Introduction|IMPORTANCE|Importance|RATIONALE|Rationale|PURPOSE|Purpose|QUESTION|Question|OBJECTIVES?|Objectives?|AIMS?|Aims?|SIGNIFICANCE|Significance)(?:(?: (?:and|AND|&) |/| / )(?:PURPOSE|Purpose|OBJECTIVES?|Objectives?|AIMS?|Aims?|purpose|objectives?|aims?))?(?: of (?:[Rr]eview|the [Ss]tudy))?)";

/// Those of them that are a heading without a colon too, before a capital. "Context Therapeutics" is a company.
pub(super) const BARE_LABELS: &str = r"ABSTRACT|Abstract|BACKGROUND|Background|OBJECTIVES?|Objectives?|PURPOSE|Purpose|IMPORTANCE|Importance|AIMS?|Aims?";

/// In the order in which they are tried.
pub(super) const RULES: &[Rule] = &[
    // Pages of the publisher's own.
    paragraph(r"[^\p{L}\p{N}]*", (". \nText.", "Text.")),
    paragraph(
        r"(?i)the post .{1,400} (?:appeared first|first appeared) on .{1,200}",
        ("Text.\nThe post War and Rumor appeared first on Cancer News.", "Text."),
    ),
    paragraph(
        r"(?i)(?:[\[(<«] ?)?(?:continue reading|keep reading|read (?:more|on|full|the (?:full|rest|original|entire))|full (?:story|article|text)|view (?:full|more|the full)|learn more|find out more|click here|see also:|watch:)\b(?:\.|:? ?(?:about|on|at|here|in|from)\b[^!?]{0,160}|[^.!?]{0,160})(?:\.{2,}|[…→»>\])])*",
        ("Text.\nRead more about our chemotherapy day unit", "Text."),
    ),
    paragraph(
        r"(?i)(?:share|tweet|e-?mail|print|pin|like|save|comment|facebook|twitter|linkedin|whatsapp|reddit|pinterest|telegram|bluesky|(?:share|tweet|e-?mail|print) this\b.{0,100}|follow (?:us|me)\b.{0,100}|(?:like|find|join|connect with) us on\b.{0,100}|[ |/,·•+-])+",
        ("Text.\nShare | Tweet | LinkedIn", "Text."),
    ),
    paragraph(
        r"(?i)(?:sign up (?:for|to)|subscribe (?:to|for|now|here)|get (?:our|the) .{0,40}newsletter|download (?:our|the) app)\b.{0,200}",
        ("Text.\nSubscribe to our channel: https://a.test/", "Text."),
    ),
    paragraph(
        r"(?i)(?:\p{L}+: ?)?(?:https?://|www\.)\S+",
        ("Text.\nFacebook: http://www.a.test/b", "Text."),
    ),
    paragraph(r"(?:#[\p{L}\p{N}_]+ ?)+", ("Text.\n#LatestNews #Cancer", "Text.")),
    paragraph(
        r"(?i)submitted by ?.{1,100}",
        ("submitted by /u/someone to r/science\n[link] [194 comments]", ""),
    ),
    paragraph(
        r"(?i)(?:\[(?:link|(?:\d+ )?comments?)\] ?)+",
        ("Text.\n[link][194 comments]", "Text."),
    ),
    paragraph(r"(?i)(?:\d+|no|leave a) comments?", ("Text.\n3 comments", "Text.")),
    paragraph(
        r"(?i)(?:tags?|tagged|filed under|categor(?:y|ies)|posted (?:in|on|by)|related(?: (?:articles?|stories|posts?|links?|news|content))?)(?:: ?.{0,200})?",
        ("Text.\nFiled under: News, Oncology", "Text."),
    ),
    paragraph(
        r"(?i)(?:advertisement|sponsored(?: content)?|\(?video coming soon\)?)",
        ("Advertisement\nText.", "Text."),
    ),
    paragraph(
        r"(?i)(?:(?:image|photo|picture|video)(?: credit| by)?|credit|photograph(?:er|y)?): ?.{1,160}",
        ("Image credit: A. Smith\nText.", "Text."),
    ),
    paragraph(
        r"(?i)this (?:article|story|post|content) (?:was |has been )?(?:originally |first )?(?:appeared|published|posted)\b.{0,200}",
        (
            "Text.\nThis article was originally published on The Conversation.",
            "Text.",
        ),
    ),
    paragraph(
        r"(?i)(?:copyright\b ?)?(?:©|\(c\)|copyright (?:\d{4}|by)) ?.{0,300}|all rights reserved.{0,100}",
        ("Text.\n© 2024 The Authors. Published by Elsevier.", "Text."),
    ),
    paragraph(
        r"(?:By|BY|Von|Par|Por) (?:(?:Dr|Prof)\.? )?\p{Lu}[\p{L}.'’-]*(?: (?:de|van|von|Le|la|and|&|,|\p{Lu}[\p{L}.'’-]*,?)){1,8}(?:, .{0,60})?",
        ("By Olivia Le Poidevin\nText.", "Text."),
    ),
    // Bibliography.
    paragraph(
        r"(?i)(?:doi|pmid|pmc|pmcid|issn)(?::| ).{1,300}",
        ("Text.\nPMID:1 | PMC:PMC2 | DOI:10.1/x", "Text."),
    ),
    paragraph(
        r"(?:Authors?|Author\(s\)|Publication date|MoAs?|Keywords|Journal|Citation): ?.*|Sources?: ?[^.]*(?:, (?:Volume|Vol).*)?",
        (
            "Publication date: July 2021\nSource: A Journal, Volume 1\nAuthor(s): A B, C D",
            "",
        ),
    ),
    paragraph(
        r"\p{Lu}[\p{L}\p{M} &.,:()-]{1,80} \d{1,5}(?: ?\(\d+\))?: ?(?:e?\d+ ?[-–] ?e?\d+|e\d+)\.?",
        ("ZooKeys 1067: 159-208\nAbstract: Text.", "Text."),
    ),
    paragraph(
        r"\p{Lu}.{2,120}, (?:Volume [^.]{1,120}|(?:Ahead of Print|Early ?View|Accepted Article|Just Accepted|Latest Articles)[^.]{0,60})\.?",
        (
            "Journal of Clinical Oncology, Volume 388, Issue 9, Page 813-823, March 2, 2023.",
            "",
        ),
    ),
    head(
        r"Publication date: .{0,80}?Source: .{0,300}?Author\(s\): .*",
        (
            "Publication date: July 2021 Source: A Journal, Volume 1 Author(s): A B, C D",
            "",
        ),
    ),
    head(
        r"\p{Lu}[\p{L} &:-]{1,80}, Published online: \d{1,2} \p{L}+ \d{4};? ?(?:doi: ?10\.[^\s]+)?",
        (
            "Nature, Published online: 26 April 2023; doi:10.1038/d41586-023-01371-9 Text.",
            "Text.",
        ),
    ),
    head(
        r"\p{Lu}[\p{L} &:,-]{2,100}, (?:Ahead of Print|Early ?View)\.",
        ("Journal of Oncology, Ahead of Print. Text.", "Text."),
    ),
    head(
        r"arXiv:\S+ Announce Type: [\w-]+ (?:Abstract: )?",
        ("arXiv:2401.00001v1 Announce Type: new Abstract: Text.", "Text."),
    ),
    head(
        r"\p{Lu}[\p{L} .&:,()-]{2,80}\. (?:19|20)\d\d\b[^.]{0,60}\. doi: ?10\.\S+(?: (?:Epub|eCollection|Online ahead)[^.]*\.)*",
        (
            "Front Microbiol. 2021 Dec 1;12:764631. doi: 10.3389/fmicb.2021.764631. eCollection 2021. Text.",
            "Text.",
        ),
    ),
    head(
        r".{5,300}?(?:\bpp?\. ?\d+ ?[-–] ?\d+|\bdoi: ?10\.\S+) ?(?:Abstract|ABSTRACT):? ",
        (
            "Gusev, E.; Kulikovskiy, M. Nova Hedwigia, (2021), p. 291 - 301 Abstract Text.",
            "Text.",
        ),
    ),
    // Datelines. Six capitals at least: NSCLC is no town.
    head(
        r"(?:\p{Lu}[\p{L} .,'’-]{2,60},? )?(?:\p{L}{3,9}\.? \d{1,2}(?:, \d{4})? )?\((?:HealthDay(?: News)?|Reuters(?: Health)?|AP|AFP|UPI|dpa|PTI|ANI|IANS|Xinhua|GLOBE NEWSWIRE|BUSINESS WIRE|Business Wire|CNN|The Conversation)\) ?(?:[—–-]+|:) ?",
        (
            "(HealthDay)—The agency has approved a drug.",
            "The agency has approved a drug.",
        ),
    ),
    head(
        r"\p{Lu}[^/]{2,120}/(?:PRNewswire|PR Newswire|CNW|EINPresswire|EIN Presswire)[^/]{0,40}/ ?[—–-]+ ?",
        ("BASEL, Switzerland, June 3, 2024 /PRNewswire/ -- Text.", "Text."),
    ),
    head(
        r"\p{Lu}[\p{Lu} .'’-]{2,30}, (?:[\p{L}.]{2,20},? )?(?:\d{1,2} \p{L}{3,9}\.?|\p{L}{3,9}\.? \d{1,2})(?:,? \d{4})? ?[—–-]+ ([\x22“‘']?[\p{Lu}\d])",
        ("LONDON, 3 July — Text.", "Text."),
    ),
    head(
        r"(?:\p{Lu}{6,20}|\p{Lu}[\p{Lu}.'’]{1,15}(?: \p{Lu}[\p{Lu}.'’]{1,15}){1,2})(?:, \p{Lu}[\p{L}.]{1,20})?(?: ?[—–] ?| -- )([\x22“‘']?[\p{Lu}\d])",
        ("NEW YORK — Text.", "Text."),
    ),
    // Ends.
    tail(
        r"(?i) ?the post .{1,400} (?:appeared first|first appeared) on .{1,200}",
        ("Text. The post War and Rumor appeared first on Cancer News.", "Text."),
    ),
    tail(
        r" ?(?:Der Beitrag .{1,400} erschien zuerst auf|L['’]article .{1,400} est apparu en premier sur|La entrada .{1,400} (?:se publicó primero en|aparece primero en)|L['’]articolo .{1,400} proviene da) .{1,200}",
        (
            "Text. Der Beitrag Arbeitsmodelle erschien zuerst auf derbrutkasten.com.",
            "Text.",
        ),
    ),
    tail(
        r"(?i) ?submitted by .{1,100}\[link\].{0,60}",
        ("Text. submitted by /u/someone [link] [comments]", "Text."),
    ),
    tail(r" ?PMID: ?\d+.{0,300}", ("Text. PMID:1 | DOI:10.1/x", "Text.")),
    tail(
        r"(?i)(?: … ?|([.!?…\])”’]) ?)[\[(<«]?(?:continue reading|keep reading|read (?:more|on|full|the (?:full|rest|original|entire))|full story|view full|learn more|find out more|click here)(?: (?:on|at|about|article|story|here|post|of|this)\b[^.!?]{0,120})?[ .…→»>\])]*",
        ("Text. Continue reading...", "Text."),
    ),
    tail(
        r" [\[(<«]?(?:Continue [Rr]eading|CONTINUE READING|Read [Mm]ore|READ MORE|Read (?:[Ff]ull|[Tt]he [Ff]ull) [Aa]rticle)[ .…→»>\])]*",
        ("It was moved Read more »", "It was moved"),
    ),
    tail(
        r"(?i) ?(?:copyright\b ?(?:©|\(c\)|\d{4})|©|\(c\) \d{4}).{0,250}| ?all rights reserved\.?",
        ("Text. Copyright © 2024 Elsevier Ltd. All rights reserved.", "Text."),
    ),
    tail(
        r" ?\[ ?(?:…|\.{2,4}) ?\]| ?\( ?(?:…|\.{3}) ?\)",
        ("It can be a great […]", "It can be a great"),
    ),
    tail(
        r"([.!?]) (?:By|Von|Par|Por) \p{Lu}[\p{L}.'’-]+(?: \p{Lu}[\p{L}.'’-]+){1,3}(?: \([^()]{0,120}\))?",
        ("Text verdient. Von Stefan Krempl (Datenschutz, IBM)", "Text verdient."),
    ),
    tail(
        r"(?i)([.!?]) (?:sign up (?:for|to)|subscribe to|follow us on)\b[^.!?]{0,120}[.!?]?",
        ("Text. Sign up for our newsletter.", "Text."),
    ),
    tail(
        r"([.!?]) (?:MoAs?|Sources?|Image credit|Photo): .{0,200}",
        ("Text. MoAs: N/A Sources: Stat News", "Text."),
    ),
    tail(r"([.!?:]) (?:https?://|www\.)\S+", ("Text. https://a.test/1", "Text.")),
    // What a publisher's machine says when it was given nothing.
    head(
        r"Please provide the (?:article|text|content)\b.*",
        ("Please provide the article you'd like me to summarize.", ""),
    ),
];
