//! Read models on both databases.

mod backlog;
mod cases;
mod cost;
mod results;
mod seed;
mod views;
