//! The binary dropcase.
fn main() {}
