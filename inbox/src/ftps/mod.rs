//! FTP with explicit TLS (RFC 959, 3659, 4217) on libunftp: the same users, folders, rights and publication as over SFTP.
//!
//! An upload (STOR, APPE, REST with STOR) is written under a hidden name and published when its data connection ended
//! with TLS's goodbye (close_notify); only then comes 226. Without the goodbye the reply is 451 and the bytes stay as a
//! partial, which the client sees under the name and may resume.
//!
//! # TLS
//! TLS 1.2, asked for on the control connection before USER and on every data connection. A client whose settings say
//! `plain_ftp` may do without; the end of such an upload cannot be told from a break, so it is complete only when renamed
//! or marked. The library decides about TLS before it knows the user, hence as long as *any* client has `plain_ftp`:
//! - USER and PASS are heard without TLS from everybody, and refused after PASS for all other clients;
//! - a data connection is refused after it was opened, not at PASV. The bytes of an upload are not looked at then.
//!
//! # What is worked round here
//! - PASV, not EPSV, is guarded by the library's rule for data connections: the storage counts handshakes instead.
//! - Tasks without an owner, a data connection that never ends, a session left busy by a failed TLS handshake, no time
//!   limit for the login: a session is a runtime of its own with a watcher (`session`).
//! - After a failed transfer the offset of REST stays set: the session ends then, before it spoils the next one.
//! - Its log and spans name files: they are left out (`log`).
//! - A refusal closes the data connection at once, and the sender sees a reset instead of the reply: a refused upload is
//!   read on for a while (`transfer`).
//! - Its limit of failed logins lasts for one connection: attempts are counted here, and hashing is limited for all.
//!
//! # What the library does not let us do (0.24)
//! - Replies are fixed: a refused upload hears "550 Permission denied" without the sentence that says where to put it;
//!   too many sessions hear "530 Authentication failed". The sentences are in our log.
//! - Commands during a transfer, ABOR among them, are answered after it; closing the control connection aborts.
//! - A command line has no longest length: until the login's time is over, a peer can make the process hold what it
//!   sends (seen: 115 MB for a line of 100 MB). The number of connections that are logging in and the unit's memory
//!   limit bound it.
//! - A data connection that breaks before its TLS ClientHello gets no reply; the session ends when it was idle too long.
//! - An upload's data connection is closed without our own close_notify, which Python's ftplib reports as an error after
//!   the file was taken.
//! - PASV on an IPv6 socket ends the session: listen on an IPv4 address when clients use PASV; EPSV works on both.
//! - `..` in CWD stays in the name that PWD shows, and CDUP cuts the last part off; names are resolved right otherwise.
//! - Names that are not UTF-8 end the session. No implicit TLS, CCC, MFMT or MODE Z. HELP names the library.
//! - A session that loses its access, or the whole service when it stops, ends without 421.

pub mod certificate;
mod log;
mod login;
mod pulse;
mod server;
mod session;
mod storage;
mod transfer;

pub use server::FtpsServer;
