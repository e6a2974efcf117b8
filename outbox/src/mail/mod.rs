//! E-mail: notices in three languages, messages with a stable Message-ID, transports.

pub mod message;
pub mod notices;
pub mod sender;
