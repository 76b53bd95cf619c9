//! A bar where somebody watches; elsewhere nothing.

use indicatif::{ProgressBar, ProgressStyle, style::TemplateError};

/// Counts visits to sources.
///
/// # Errors
/// None: the template is in order, which every test that visits holds.
pub(super) fn bar(sources: usize) -> Result<ProgressBar, TemplateError> {
    let style = ProgressStyle::with_template("{bar:32} {pos}/{len} sources  {elapsed}  {msg}")?;
    Ok(ProgressBar::new(sources as u64).with_style(style))
}
