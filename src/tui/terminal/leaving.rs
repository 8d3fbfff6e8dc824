//! Limits how long the process may live once it has to end.

use std::time::Duration;

/// The process ends within this time, even if it hangs. It is longer than the last changes, the last submit and the
/// hand-over to the background may take.
pub const LAST_MOMENTS: Duration = Duration::from_secs(20);
/// The exit code of an interrupted command, and of a workbench that a signal or a lost terminal ended.
pub const INTERRUPTED: u8 = 130;

/// Ends the process with this code after `within`, even if it hangs.
#[expect(
    clippy::disallowed_methods,
    reason = "a deadline that must hold even when the runtime is stuck"
)]
pub fn leave_within(within: Duration, code: u8) {
    std::thread::spawn(move || {
        std::thread::sleep(within);
        std::process::exit(i32::from(code));
    });
}
