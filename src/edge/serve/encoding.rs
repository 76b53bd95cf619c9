//! `Accept-Encoding` (RFC 9110 §12.5.3).

use axum::http::{HeaderMap, header::ACCEPT_ENCODING};

use crate::model::publication::Encoding;

/// Weights are thousandths: `q=0.5` is 500.
const WEIGHT_MAX: u16 = 1_000;

fn is(encoding: Encoding, coding: &str) -> bool {
    // RFC 9110 §8.4.1.3: a recipient should take "x-gzip" for "gzip".
    coding.eq_ignore_ascii_case(encoding.name())
        || (encoding == Encoding::Gzip && coding.eq_ignore_ascii_case("x-gzip"))
}

/// Which of the encodings on offer the client likes best; the earlier of equals. `None` is the document as it is, also
/// where the client refuses even that: an answer that it may not like is more use to it than none.
pub(super) fn choose(headers: &HeaderMap, offered: impl Iterator<Item = Encoding>) -> Option<Encoding> {
    let lines = headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let asked: Vec<_> = lines.flat_map(|line| line.split(',')).map(weighted).collect();
    let weight = |is: &dyn Fn(&str) -> bool| asked.iter().find(|(coding, _)| is(coding)).map(|(_, weight)| *weight);
    let any = weight(&|coding| coding == "*");
    let mut best = (
        None,
        weight(&|coding| coding.eq_ignore_ascii_case("identity")).unwrap_or(1),
    );
    for encoding in offered {
        let weight = weight(&|coding| is(encoding, coding)).or(any).unwrap_or(0);
        // Of a client that takes either as gladly, nobody waits for the longer one.
        if weight > 0 && (weight > best.1 || (weight == best.1 && best.0.is_none())) {
            best = (Some(encoding), weight);
        }
    }
    best.0
}

/// `gzip;q=0.5`. A weight that is none counts as 0: whatever was meant, plain bytes are always read.
fn weighted(element: &str) -> (&str, u16) {
    let mut parts = element.split(';').map(str::trim);
    let coding = parts.next().unwrap_or_default();
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    (coding, weight.map_or(WEIGHT_MAX, thousandths))
}

fn thousandths(weight: &str) -> u16 {
    match weight.parse::<f32>() {
        // `as` is exact here: the range is checked.
        Ok(weight) if (0.0..=1.0).contains(&weight) => (weight * f32::from(WEIGHT_MAX)).round() as u16,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_client_decides() {
        for (asked, expect) in [
            (None, None),
            (Some(""), None),
            (Some("gzip"), Some(Encoding::Gzip)),
            (Some("GZip"), Some(Encoding::Gzip)),
            (Some("x-gzip"), Some(Encoding::Gzip)),
            (Some("gzip, deflate, br, zstd"), Some(Encoding::Brotli)),
            (Some("br;q=0.5, gzip;q=0.8"), Some(Encoding::Gzip)),
            (Some("br ; q=0.8 , gzip;q=0.8"), Some(Encoding::Brotli)),
            (Some("br;q=0, gzip"), Some(Encoding::Gzip)),
            (Some("*"), Some(Encoding::Brotli)),
            (Some("*;q=0.5, br;q=0"), Some(Encoding::Gzip)),
            (Some("identity, gzip;q=0.5"), None),
            (Some("identity;q=0.2, gzip;q=0.5"), Some(Encoding::Gzip)),
            (Some("identity;q=0, *;q=0"), None),
            (Some("gzip;q=0.001"), Some(Encoding::Gzip)),
            (Some("gzip;q=2"), None),
            (Some("gzip;q=NaN"), None),
            (Some("gzip;q=x, deflate"), None),
            (Some("zstd, compress"), None),
        ] {
            let headers = asked.map(|text| (ACCEPT_ENCODING, HeaderValue::from_static(text)));
            let headers = headers.into_iter().collect();
            let chosen = choose(&headers, [Encoding::Brotli, Encoding::Gzip].into_iter());
            assert_eq!(chosen, expect, "{asked:?}");
        }
    }
}
