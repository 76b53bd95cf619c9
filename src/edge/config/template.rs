//! Text with `${NAME}` in the place of secrets, which only operators see.

use super::value::{Wrong, quoted};
use crate::{
    edge::config::suggest,
    model::credential::{Credentials, Secret},
};

/// Whether there is a secret in it.
pub(super) fn has_secret(template: &str) -> bool {
    template.contains("${")
}

/// The text with the secrets in their places. Where no credentials are known, because what names them is faulty
/// itself, they are not missed.
pub(super) fn fill(template: &str, credentials: Option<&Credentials>) -> Result<Secret, Wrong> {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        let name = after.split_once('}').filter(|(name, _)| Credentials::is_name(name));
        let (name, after) = name.ok_or_else(|| {
            let help = "a name has capital letters, digits and underscores: ${NEJM_TOKEN}";
            Wrong::new("after `${` comes a name and `}`").help(help)
        })?;
        filled.push_str(before);
        match credentials {
            Some(known) => filled.push_str(known.get(name).ok_or_else(|| missing(name, known))?.expose()),
            None => filled.push('x'),
        }
        rest = after;
    }
    Ok(Secret::new(filled + rest))
}

fn missing(name: &str, known: &Credentials) -> Wrong {
    let help = match suggest::closest(name, known.names()) {
        Some(meant) => format!("did you mean ${{{meant}}}?"),
        None => format!("operators set it in the file that fetch.credentials names, or as ONCOFEED_CREDENTIAL_{name}"),
    };
    Wrong::new(format!("there is no credential {}", quoted(name))).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_secrets_and_nothing_else_does() {
        let known: Credentials = [("A", "1"), ("B_2", "${A}")]
            .map(|(name, secret)| (name.to_owned(), Secret::new(secret)))
            .into_iter()
            .collect();
        let fill = |template| fill(template, Some(&known)).map(|filled| filled.expose().to_owned());
        for (template, filled) in [
            ("Bearer ${A}", "Bearer 1"),
            ("${A}${A}:${B_2}.", "11:${A}."),
            ("en, $5, {A}, $A", "en, $5, {A}, $A"),
            ("", ""),
        ] {
            assert_eq!(fill(template).unwrap(), filled, "{template}");
        }
        for (template, message) in [
            ("${C}", "there is no credential `C`"),
            ("${A", "after `${` comes a name and `}`"),
            ("${}", "after `${` comes a name and `}`"),
            ("${a}", "after `${` comes a name and `}`"),
            ("${A ${A}", "after `${` comes a name and `}`"),
        ] {
            assert_eq!(fill(template).unwrap_err().message, message, "{template}");
        }
    }
}
