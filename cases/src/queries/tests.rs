//! Read models on both databases.

mod backlog;
mod cases;
mod results;
mod seed;
mod views;
