//! One SSH connection: letting a user in, and channels for the subsystem `sftp` alone.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;

use russh::keys::PublicKey;
use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, PublicKeyOffer, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, ChannelOpenFailure, Disconnect};
use tokio::sync::{oneshot, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::prompt::Prompt;
use super::requests::Desk;
use super::server::Activity;
use super::session;
use crate::accounts::{Account, Accounts, SessionGuard};
use crate::area::{Area, Origin, Protocol};

/// Channels that one connection may have open.
const MAX_CHANNELS: usize = 8;

/// The end of a connection that the handler asks for.
#[derive(Debug, thiserror::Error)]
pub(super) enum LoginError {
    #[error(transparent)]
    Ssh(#[from] russh::Error),
}

/// What the connection's task wants to know of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Entered {
    /// Set when a user was let in; cancelled when the user loses access.
    pub(super) ended: Option<CancellationToken>,
}

/// Answers russh for one connection.
pub(super) struct Login {
    accounts: Arc<Accounts>,
    area: Area,
    remote: IpAddr,
    activity: Activity,
    prompt: Prompt,
    entered: watch::Sender<Entered>,
    tasks: TaskTracker,
    account: Option<Account>,
    guard: Option<Arc<SessionGuard>>,
    /// Channels opened and not yet given to the subsystem; each is read by a task of its own.
    opened: HashMap<ChannelId, oneshot::Sender<Desk>>,
    /// All channels that are open.
    channels: HashSet<ChannelId>,
}

impl Login {
    pub(super) fn new(
        accounts: Arc<Accounts>,
        area: Area,
        remote: IpAddr,
        activity: Activity,
        prompt: Prompt,
        entered: watch::Sender<Entered>,
        tasks: TaskTracker,
    ) -> Self {
        Self {
            accounts,
            area,
            remote,
            activity,
            prompt,
            entered,
            tasks,
            account: None,
            guard: None,
            opened: HashMap::new(),
            channels: HashSet::new(),
        }
    }

    fn judge(&mut self, account: Option<Account>, method: &'static str) -> Auth {
        match account {
            Some(account) => {
                self.account = Some(account);
                Auth::Accept
            }
            None => {
                tracing::info!(remote = %self.remote, method, "login refused");
                Auth::reject()
            }
        }
    }

    fn known_key(&self, user: &str, key: &PublicKey) -> Option<Account> {
        self.accounts.check_key(user, key)
    }

    fn desk(&self) -> Option<Desk> {
        let account = self.guard.as_ref()?.account();
        let origin = Origin {
            user: Some(account.user.clone()),
            protocol: Protocol::Sftp,
            remote: Some(self.remote),
        };
        Some(Desk::new(self.area.visit(
            &account.client,
            origin,
            account.rights.clone(),
        )?))
    }
}

/// Serves a channel once it is given a desk. Until then it is read as well: what nobody reads would fill its buffer and
/// hold up the connection's task for ever, which could then neither be told goodbye nor be cut.
async fn serve(mut channel: Channel<Msg>, mut started: oneshot::Receiver<Desk>, activity: Activity, prompt: Prompt) {
    let desk = loop {
        tokio::select! {
            // What comes behind the request for the subsystem is for the desk.
            biased;
            desk = &mut started => break desk.ok(),
            message = channel.wait() => if message.is_none() { break None },
        }
    };
    if let Some(desk) = desk {
        session::run(channel, desk, activity, prompt).await;
    }
}

impl Handler for Login {
    type Error = LoginError;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, LoginError> {
        let account = self.accounts.login(user, password).await;
        Ok(self.judge(account, "password"))
    }

    async fn auth_publickey_offered(&mut self, user: &str, offer: PublicKeyOffer<'_>) -> Result<Auth, LoginError> {
        // Not an attempt yet, so not logged: programs offer every key that they have.
        Ok(if self.known_key(user, offer.public_key).is_some() {
            Auth::Accept
        } else {
            Auth::reject()
        })
    }

    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, LoginError> {
        let account = self.known_key(user, key.public_key);
        Ok(self.judge(account, "publickey"))
    }

    async fn auth_succeeded(&mut self, session: &mut Session) -> Result<(), LoginError> {
        let Some(account) = self.account.take() else {
            return Err(russh::Error::Inconsistent.into());
        };
        let (client, user) = (account.client.clone(), account.user.clone());
        match self.accounts.enter(account) {
            Some(guard) => {
                tracing::info!(%client, %user, remote = %self.remote, "logged in over SFTP");
                self.entered.send_replace(Entered {
                    ended: Some(guard.ended()),
                });
                self.guard = Some(Arc::new(guard));
            }
            None => {
                tracing::warn!(%client, %user, remote = %self.remote, "too many sessions of this client");
                let sentence = "You have too many sessions open. Please close some and try again.";
                session.disconnect(Disconnect::TooManyConnections, sentence, "en")?;
            }
        }
        Ok(())
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), LoginError> {
        if self.channels.len() >= MAX_CHANNELS || self.guard.is_none() {
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        }
        let (start, started) = oneshot::channel();
        self.channels.insert(channel.id());
        self.opened.insert(channel.id(), start);
        let (activity, prompt, guard) = (self.activity.clone(), self.prompt.clone(), self.guard.clone());
        self.tasks.spawn(async move {
            serve(channel, started, activity, prompt).await;
            // The session's place is free only when its files are at rest.
            drop(guard);
        });
        reply.accept().await;
        Ok(())
    }

    async fn channel_close(&mut self, channel: ChannelId, _session: &mut Session) -> Result<(), LoginError> {
        self.channels.remove(&channel);
        self.opened.remove(&channel);
        Ok(())
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        session: &mut Session,
    ) -> Result<(), LoginError> {
        let desk = if name == "sftp" { self.desk() } else { None };
        let (Some(desk), Some(start)) = (desk, self.opened.remove(&channel)) else {
            session.channel_failure(channel)?;
            return Ok(());
        };
        session.channel_success(channel)?;
        self.activity.touch();
        // Its task ends only with the channel, and then there is nothing to serve.
        let _ = start.send(desk);
        Ok(())
    }

    // A shell, a command, a variable or a terminal is refused without a word: programs such as rclone try and go on.

    async fn exec_request(&mut self, channel: ChannelId, _: &[u8], session: &mut Session) -> Result<(), LoginError> {
        Ok(session.channel_failure(channel)?)
    }

    async fn shell_request(&mut self, channel: ChannelId, session: &mut Session) -> Result<(), LoginError> {
        Ok(session.channel_failure(channel)?)
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        _: &str,
        _: &str,
        session: &mut Session,
    ) -> Result<(), LoginError> {
        Ok(session.channel_failure(channel)?)
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        _: &str,
        _: u32,
        _: u32,
        _: u32,
        _: u32,
        _: &[(russh::Pty, u32)],
        session: &mut Session,
    ) -> Result<(), LoginError> {
        Ok(session.channel_failure(channel)?)
    }

    async fn x11_request(
        &mut self,
        channel: ChannelId,
        _: bool,
        _: &str,
        _: &str,
        _: u32,
        session: &mut Session,
    ) -> Result<(), LoginError> {
        Ok(session.channel_failure(channel)?)
    }
}
