//! What one feed changes in what is kept.
