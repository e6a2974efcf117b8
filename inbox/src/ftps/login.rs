//! Letting a user in by password, and what the session then holds.

use std::fmt;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use unftp_core::auth::{
    AuthenticationError, Authenticator, ChannelEncryptionState, Credentials, Principal, UserDetail, UserDetailError,
    UserDetailProvider,
};

use super::log::Outside;
use super::pulse::Pulse;
use crate::accounts::{Account, Accounts, SessionGuard};
use crate::area::{Area, Origin, Protocol, Visit};

/// Pause before a refusal, as over SFTP.
const REFUSAL: Duration = Duration::from_millis(300);

/// A user who was let in.
#[derive(Debug)]
pub(super) struct Guest {
    /// What comes over a connection with TLS.
    visit: Visit,
    /// What comes over one without, if the client may.
    plain: Option<Visit>,
    /// The control connection is without TLS.
    control_is_plain: bool,
    /// Frees the session's place when the library lets go of the user.
    _guard: SessionGuard,
}

impl Guest {
    /// For what is asked on the control connection.
    pub(super) fn control(&self) -> &Visit {
        match &self.plain {
            Some(plain) if self.control_is_plain => plain,
            _ => &self.visit,
        }
    }

    /// For a transfer on a data connection; `None` when it has to use TLS and does not.
    pub(super) fn data(&self, tls: bool) -> Option<&Visit> {
        if tls { Some(&self.visit) } else { self.plain.as_ref() }
    }
}

impl fmt::Display for Guest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a user of {}", self.visit.client())
    }
}

impl UserDetail for Guest {}

/// The login of one connection.
#[derive(Debug)]
pub(super) struct Login {
    pub(super) accounts: Arc<Accounts>,
    pub(super) area: Area,
    pub(super) remote: IpAddr,
    pub(super) max_attempts: usize,
    pub(super) pulse: Arc<Pulse>,
    pub(super) outside: Outside,
    /// Told when a user is in; the token is cancelled when the user loses access.
    pub(super) entered: watch::Sender<Option<CancellationToken>>,
    pub(super) failed: AtomicUsize,
    /// Between the two questions that the library asks: who was it, and over which kind of connection.
    pub(super) passed: Mutex<Option<(Account, ChannelEncryptionState)>>,
}

impl Login {
    /// Counts a failure; too many end the connection.
    async fn refuse(&self) -> AuthenticationError {
        let failed = self.failed.fetch_add(1, Ordering::Relaxed) + 1;
        if failed >= self.max_attempts {
            self.pulse.doom();
        }
        self.outside
            .within(|| tracing::info!(remote = %self.remote, method = "password", "login refused"));
        tokio::time::sleep(REFUSAL).await;
        AuthenticationError::BadPassword
    }

    fn visit(&self, account: &Account, protocol: Protocol) -> Option<Visit> {
        let origin = Origin {
            user: Some(account.user.clone()),
            protocol,
            remote: Some(self.remote),
        };
        self.area.visit(&account.client, origin, account.rights.clone())
    }

    fn enter(&self, account: Account, control: ChannelEncryptionState) -> Option<Guest> {
        let visit = self.visit(&account, Protocol::Ftps)?;
        let plain = if account.plain_ftp {
            Some(self.visit(&account, Protocol::Ftp)?)
        } else {
            None
        };
        let (client, user, remote) = (account.client.clone(), account.user.clone(), self.remote);
        let Some(guard) = self.accounts.enter(account) else {
            tracing::warn!(%client, %user, %remote, "too many sessions of this client, or its access was just changed");
            self.pulse.doom();
            return None;
        };
        let control_is_plain = control == ChannelEncryptionState::Plaintext;
        if control_is_plain {
            tracing::warn!(%client, %user, %remote, "logged in over FTP without encryption; password and files can be read on the way");
        } else {
            tracing::info!(%client, %user, %remote, "logged in over FTPS");
        }
        self.pulse.logged_in();
        self.entered.send_replace(Some(guard.ended()));
        Some(Guest {
            visit,
            plain,
            control_is_plain,
            _guard: guard,
        })
    }
}

#[async_trait]
impl Authenticator for Login {
    async fn authenticate(&self, user: &str, credentials: &Credentials) -> Result<Principal, AuthenticationError> {
        if self.pulse.doomed().is_cancelled() {
            return Err(AuthenticationError::BadPassword);
        }
        let password = credentials.password.as_deref().unwrap_or_default();
        let control = credentials.command_channel_security;
        let Some(account) = self.accounts.login(user, password).await else {
            return Err(self.refuse().await);
        };
        if control == ChannelEncryptionState::Plaintext && !account.plain_ftp {
            let client = &account.client;
            self.outside
                .within(|| tracing::warn!(%client, remote = %self.remote, "this client has to use TLS; its password came without"));
            return Err(self.refuse().await);
        }
        *self.passed.lock().unwrap_or_else(PoisonError::into_inner) = Some((account, control));
        Ok(Principal {
            username: user.to_owned(),
        })
    }

    fn name(&self) -> &str {
        "passwords"
    }
}

#[async_trait]
impl UserDetailProvider for Login {
    type User = Guest;

    async fn provide_user_detail(&self, principal: &Principal) -> Result<Guest, UserDetailError> {
        let passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner).take();
        passed
            .filter(|(account, _)| account.user == principal.username)
            .and_then(|(account, control)| self.outside.within(|| self.enter(account, control)))
            .ok_or_else(|| UserDetailError::new("no session"))
    }
}
