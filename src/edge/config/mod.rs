//! The two files: from TOML to settings, or to every fault at once.
