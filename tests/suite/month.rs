//! A month of visits to 200 publishers of all temperaments, on a paused clock. Each publisher counts what it is asked, by
//! rules of its own that know nothing of how visits are planned (design §7).

mod dice;
mod publisher;
mod temper;
mod world;

use std::time::Duration;

use self::world::{Trouble, World};

/// How late a publisher in good health may be visited: what it asks at most, the spread, its rest, and a tick.
const LATE_MAX: Duration = Duration::from_secs((24 + 3 + 30) * 3_600 + 3_600);

/// Ours to choose: another seed is another month.
const SEED: u64 = 20_261_127;

#[tokio::test(start_paused = true)]
async fn a_month_of_visits_is_as_was_promised() {
    let world = World::play(SEED, Trouble::None).await;
    world.assert_polite();
    world.assert_nothing_lost_or_doubled();
    world.assert_every_temper_was_met();
    world.assert_nobody_was_forgotten(LATE_MAX);
}

#[tokio::test(start_paused = true)]
async fn neither_restarts_nor_crashes_nor_clocks_that_jump_change_that() {
    let world = World::play(SEED + 1, Trouble::Plenty).await;
    world.assert_polite();
    world.assert_nothing_lost_or_doubled();
    world.assert_nobody_was_forgotten(LATE_MAX * 2);
}
