//! A file of certificates that are trusted beside those of the system.

use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};

use super::{Given, Wrong, path};
use crate::edge::config::file;

const EXPECTED: &str =
    "in PEM each certificate stands between -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----";

/// In DER.
pub(in crate::edge::config) fn certificates(given: Given<'_>) -> Result<Vec<Vec<u8>>, Wrong> {
    let file = path(given)?;
    let bytes = file::bytes(&file).map_err(|error| file::unreadable(&file, &error))?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    let wrong = |what: &str| Wrong::new(format!("{} {what}", file.display())).help(EXPECTED);
    let certificates = certificates.map_err(|_| wrong("is not PEM"))?;
    if certificates.is_empty() {
        return Err(wrong("holds no certificate"));
    }
    let mut store = RootCertStore::empty();
    for (at, certificate) in certificates.iter().enumerate() {
        let no_certificate = |_| wrong(&format!("is not in order: section {} is no certificate", at + 1));
        store.add(certificate.clone()).map_err(no_certificate)?;
    }
    Ok(certificates.iter().map(|certificate| certificate.to_vec()).collect())
}
