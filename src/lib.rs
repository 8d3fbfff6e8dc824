//! rushes: a terminal workbench for Seedance 2.0, ByteDance's video model as Segmind serves it.

#![cfg_attr(not(test), warn(clippy::disallowed_macros))]

pub mod animatic;
#[allow(clippy::disallowed_macros, reason = "the command line is what prints")]
pub mod cli;
pub mod config;
pub mod engine;
pub mod files;
pub mod media;
pub mod model;
pub mod sandbox;
pub mod script;
pub mod segmind;
pub mod service;
pub mod store;
pub mod tui;
