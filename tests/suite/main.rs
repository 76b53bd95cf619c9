//! What oncofeed promises, seen from outside. One binary, so that linking stays cheap.
