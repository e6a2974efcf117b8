//! The binary as an operator runs it: what commands write, print and exit with. No service runs here.

mod bundles;
mod data;
mod desk;
mod office;
mod settings;
mod support;
