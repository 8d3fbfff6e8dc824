//! The program: hooks, arguments, dispatch; nothing else.

fn main() {}
