//! Digital object identifiers in identifiers and links: bare and lower case, as a DOI is without regard to case.

/// Longest DOI. The longest registered with Crossref stay below 200 characters.
const DOI_BYTES_MAX: usize = 256;

/// What publishers put behind a DOI in the path of a link.
const PAGES: [&str; 14] = [
    "/abstract",
    "/full",
    "/fulltext",
    "/html",
    "/pdf",
    "/epdf",
    "/meta",
    "/references",
    "/summary",
    "/short",
    ".abstract",
    ".full",
    ".pdf",
    ".short",
];

/// The first DOI in a text.
pub(super) fn find(text: &str) -> Option<String> {
    dois(text).next().map(|(_, doi)| doi)
}

/// Every DOI in a text, in its order, and the byte at which it begins.
pub fn dois(text: &str) -> impl Iterator<Item = (usize, String)> {
    let starts = text.match_indices("10.");
    starts.filter_map(|(at, _)| Some((at, doi_at(text, at)?)))
}

/// The first DOI in a link.
pub(super) fn find_in_url(url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.replace("%2F", "/").replace("%2f", "/");
    find(&path)
}

/// `10.` at this place, a registrant of four to nine digits (and dots), a slash and a suffix.
fn doi_at(text: &str, at: usize) -> Option<String> {
    if text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.') {
        return None;
    }
    let end = text.floor_char_boundary(at + DOI_BYTES_MAX);
    let (registrant, suffix) = text[at + 3..end].split_once('/')?;
    let digits = registrant.split('.').next().unwrap_or_default();
    let is_registrant = registrant.bytes().all(|b| b.is_ascii_digit() || b == b'.') && (4..=9).contains(&digits.len());
    let suffix = suffix
        .split(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '?' | '#' | '&' | '|'))
        .next()?;
    let doi = format!("10.{registrant}/{}", bare(suffix)).to_ascii_lowercase();
    (is_registrant && !doi.ends_with('/')).then(|| without_version(without_page(&doi).to_owned()))
}

/// Without the punctuation of the text around it: brackets that it opened itself are its own.
fn bare(suffix: &str) -> &str {
    let count = |bracket| suffix.matches(bracket).count();
    let mut foreign = count(')').saturating_sub(count('('));
    suffix.trim_end_matches(|c| match c {
        ')' if foreign > 0 => {
            foreign -= 1;
            true
        }
        _ => matches!(c, '.' | ',' | ';' | ':' | '\'' | '/' | ']' | '}'),
    })
}

fn without_page(doi: &str) -> &str {
    let mut doi = doi;
    while let Some(bare) = PAGES.iter().find_map(|page| doi.strip_suffix(page)) {
        if !bare.contains('/') || bare.ends_with('/') {
            break;
        }
        doi = bare;
    }
    doi
}

/// Preprint servers number the versions of one paper: `10.1101/2020.01.02.123456v2`.
fn without_version(doi: String) -> String {
    let preprint = doi.starts_with("10.1101/") || doi.starts_with("10.64898/");
    match doi.rsplit_once('v') {
        Some((paper, version))
            if preprint && !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            paper.to_owned()
        }
        _ => doi,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers() {
        for (text, expect) in [
            ("10.1000/XYZ", Some("10.1000/xyz")),
            ("doi:10.1000/xyz123", Some("10.1000/xyz123")),
            ("info:doi/10.1200/JCO.19.1", Some("10.1200/jco.19.1")),
            ("doi: 10.1000/a(b)c.", Some("10.1000/a(b)c")),
            ("(10.1000/abc)", Some("10.1000/abc")),
            ("(10.1016/S1470-2045(20)1-1).", Some("10.1016/s1470-2045(20)1-1")),
            ("10.1000/a(b)", Some("10.1000/a(b)")),
            ("10.1000/abc/full", Some("10.1000/abc")),
            ("10.1101/2020.01.02.123456v2", Some("10.1101/2020.01.02.123456")),
            ("10.1000.10/x", Some("10.1000.10/x")),
            ("pmid:41234567", None),
            ("v10.1000/x", None),
            ("10.1/x", None),
            ("10.1000/", None),
            ("10.", None),
        ] {
            assert_eq!(find(text).as_deref(), expect, "{text}");
        }
    }

    #[test]
    fn links() {
        for (url, expect) in [
            ("https://doi.org/10.1000/X?y#z", Some("10.1000/x")),
            ("https://a.test/doi/abs/10.1002/cncr.1?af=R", Some("10.1002/cncr.1")),
            (
                "https://a.test/articles/10.3389/fonc.2020.1/full",
                Some("10.3389/fonc.2020.1"),
            ),
            ("https://a.test/article/10.1186%2Fs1", Some("10.1186/s1")),
            (
                "https://a.test/content/10.1101/2020.01.02.123456v2.full.pdf",
                Some("10.1101/2020.01.02.123456"),
            ),
            (
                "https://a.test/content/10.1101/2020.01.02.123456v2?rss=1",
                Some("10.1101/2020.01.02.123456"),
            ),
            ("https://a.test/?doi=10.1000/x", None),
            ("https://a.test/10.html", None),
        ] {
            assert_eq!(find_in_url(url).as_deref(), expect, "{url}");
        }
    }
}
