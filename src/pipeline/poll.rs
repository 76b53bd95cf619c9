//! When to visit a source, and what a visit leaves behind.
