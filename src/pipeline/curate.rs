//! Which stories a channel shows, and in what order.
