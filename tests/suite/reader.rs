//! Reading feeds: one defect each, one fixture of each format, anything at all, and what strict readers see.

mod defects;
mod golden;
mod hostile;
mod second;
