//! The outbox from end to end: real files through the parsers, the checks and the import into a database; what then
//! lies in the client's folders.

mod answers;
mod corrections;
mod crashes;
mod house;
mod mails;
mod messages;
mod office;
mod reports;
mod requests;
mod samples;
mod schemas;
mod smtp;
mod templates;
