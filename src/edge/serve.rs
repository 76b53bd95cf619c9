//! HTTP to readers, from an immutable publication in memory.
