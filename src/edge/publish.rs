//! Files under `publish.dir`, each replaced whole.
