//! A month of visits to 200 publishers of all temperaments, on a paused clock. Each publisher counts what it is asked, by
//! rules of its own that know nothing of how visits are planned (design §7).

mod dice;
mod publisher;
mod temper;
mod world;

use self::world::{Trouble, World};

/// Ours to choose: another seed is another month.
const SEED: u64 = 20_261_127;

#[tokio::test(start_paused = true)]
async fn a_month_of_visits_is_as_was_promised() {
    let world = World::play(SEED, Trouble::None).await;
    world.assert_polite();
    world.assert_nothing_lost_or_doubled();
    world.assert_every_temper_was_met();
    world.assert_nobody_was_forgotten();
}

#[tokio::test(start_paused = true)]
async fn neither_restarts_nor_crashes_nor_clocks_that_jump_change_that() {
    let world = World::play(SEED + 1, Trouble::Plenty).await;
    world.assert_polite();
    world.assert_nothing_lost_or_doubled();
}
