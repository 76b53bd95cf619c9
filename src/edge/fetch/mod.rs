//! HTTP to publishers: one request, one answer, within limits.
