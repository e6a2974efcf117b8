//! One connection from its greeting to its end, on a thread of its own.
//!
//! The library spawns tasks that it gives no handle to: a data connection whose peer stalls would outlive its session,
//! and a panic in one leaves the session busy for ever. So a session is a runtime: when it has to end, the runtime is
//! dropped and everything with it, and what was being written stays as a partial.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use libunftp::options::{FtpsRequired, PassiveHost, SiteMd5};
use libunftp::{Server, ServerBuilder, ServerError};
use rustls::ServerConfig;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::log::{Bridge, Outside};
use super::login::{Guest, Login};
use super::pulse::Pulse;
use super::storage::Folders;
use crate::accounts::Accounts;
use crate::area::Area;
use crate::sftp::Startup;

/// Says that a server is there, and nothing about it.
const GREETING: &str = "Ready.";
/// Time for a reply under way before a connection is cut.
const FAREWELL: Duration = Duration::from_secs(1);
/// How much longer than the library we wait for an idle client: it says goodbye first, if it can.
const IDLE_SLACK: Duration = Duration::from_secs(5);

/// The settings of every session.
#[derive(Debug)]
pub(super) struct Terms {
    pub(super) passive_ports: RangeInclusive<u16>,
    pub(super) external_address: Option<IpAddr>,
    pub(super) login_grace: Duration,
    pub(super) idle_timeout: Duration,
    pub(super) max_attempts: usize,
}

/// What one session is made of.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) terms: Arc<Terms>,
    pub(super) accounts: Arc<Accounts>,
    pub(super) area: Area,
    pub(super) remote: SocketAddr,
    pub(super) tls: Arc<ServerConfig>,
    pub(super) pulse: Arc<Pulse>,
    /// Some client may come without TLS, so the library must not ask for it before it knows who comes.
    pub(super) plain_allowed: bool,
    pub(super) outside: Outside,
    pub(super) stop: CancellationToken,
}

impl Session {
    /// Serves the connection; returns when it is over. Blocks this thread.
    pub(super) fn run(self, stream: TcpStream, startup: Startup) {
        let _hush = Outside::hush();
        let outside = self.outside.clone();
        if let Err(error) = self.serve(stream, startup) {
            outside.within(|| tracing::warn!(%error, "could not serve a connection over FTPS"));
        }
    }

    fn serve(self, stream: TcpStream, startup: Startup) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let result = runtime.block_on(async {
            let stream = tokio::net::TcpStream::from_std(stream)?;
            stream.set_nodelay(true)?;
            let (sender, entered) = watch::channel(None);
            let server = self.server(sender).map_err(io::Error::other)?;
            tokio::select! {
                // Its errors are the library's own log lines.
                _ = server.service(stream) => {}
                reason = self.limits(entered, startup) => {
                    let remote = self.remote;
                    self.outside.within(|| tracing::info!(%remote, reason, "ending a connection over FTPS"));
                }
            }
            Ok(())
        });
        // What was being written becomes a partial now; if that fails, our log says so.
        self.outside.within(|| drop(runtime));
        result
    }

    fn server(&self, entered: watch::Sender<Option<CancellationToken>>) -> Result<Server<Folders, Guest>, ServerError> {
        let folders = Folders {
            pulse: Arc::clone(&self.pulse),
            outside: self.outside.clone(),
            remote: self.remote.ip(),
        };
        let login = Arc::new(Login {
            accounts: Arc::clone(&self.accounts),
            area: self.area.clone(),
            remote: self.remote.ip(),
            max_attempts: self.terms.max_attempts,
            pulse: Arc::clone(&self.pulse),
            outside: self.outside.clone(),
            entered,
            failed: Default::default(),
            passed: Default::default(),
        });
        let required = if self.plain_allowed {
            FtpsRequired::None
        } else {
            FtpsRequired::All
        };
        let host = match self.terms.external_address {
            Some(IpAddr::V4(address)) => PassiveHost::Ip(address),
            // EPSV, which IPv6 uses, names no address.
            Some(IpAddr::V6(_)) | None => PassiveHost::FromConnection,
        };
        ServerBuilder::<Folders, Guest>::with_user_detail_provider(
            Box::new(move || folders.clone()),
            Arc::clone(&login) as Arc<_>,
        )
        .authenticator(login)
        .greeting(GREETING)
        .ftps_manual::<PathBuf>(Arc::clone(&self.tls))
        .ftps_required(required, required)
        .passive_ports(self.terms.passive_ports.clone())
        .passive_host(host)
        .idle_session_timeout(self.terms.idle_timeout.as_secs().max(1))
        .sitemd5(SiteMd5::None)
        .logger(Bridge::logger(self.outside.clone()))
        .build()
    }

    /// Waits until the connection has to end from our side, and says why.
    async fn limits(&self, mut entered: watch::Receiver<Option<CancellationToken>>, startup: Startup) -> &'static str {
        let login = async {
            let ended = entered
                .wait_for(Option::is_some)
                .await
                .ok()
                .and_then(|seen| seen.clone());
            match ended {
                Some(ended) => ended,
                // The library let go of the login; it is about to end by itself.
                None => std::future::pending().await,
            }
        };
        let ended = tokio::select! {
            ended = login => ended,
            () = tokio::time::sleep(self.terms.login_grace) => return "no login in time",
            () = self.doomed() => return "too many failed logins or sessions",
            () = self.stop.cancelled() => return "the service is being stopped",
        };
        drop(startup);
        tokio::select! {
            () = self.pulse.idle(self.terms.idle_timeout + IDLE_SLACK) => "nothing was asked for a long time",
            () = self.pulse.stuck() => "a data connection's TLS failed",
            () = self.doomed() => "a continued transfer failed",
            () = ended.cancelled() => "the access was changed",
            () = self.stop.cancelled() => "the service is being stopped",
        }
    }

    async fn doomed(&self) {
        self.pulse.doomed().cancelled().await;
        tokio::time::sleep(FAREWELL).await;
    }
}
