//! Any bytes in, a feed with faults or "not a feed" out.
