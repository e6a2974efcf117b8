//! What a delivery is answered with.

pub mod acknowledgement;
pub mod correction;
pub mod facts;
pub mod plan;
pub mod program;
pub mod receipt;
mod sentences;
