//! Everything that leaves: acknowledgements, corrections, reports, mails, and the queue that delivers them.

pub mod answers;
pub mod language;
pub mod names;
pub mod publish;
pub mod writers;
