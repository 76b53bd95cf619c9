//! Is it about cancer?
