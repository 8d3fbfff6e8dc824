//! Waiting for what other processes do.

use std::time::{Duration, Instant};

/// How often it is looked.
const LOOK: Duration = Duration::from_millis(15);

/// What `look` finds, once it does; what it last said instead when that takes longer than `longest`.
pub fn until<T, E>(longest: Duration, mut look: impl FnMut() -> Result<T, E>) -> Result<T, E> {
    let deadline = Instant::now() + longest;
    loop {
        match look() {
            Err(_) if Instant::now() < deadline => std::thread::sleep(LOOK),
            found => return found,
        }
    }
}
