//! The API's stand-in on the loopback: same paths, bodies, codes and timings, real films, no money.

pub mod animatic;
