//! Who may come in: users with their keys and passwords, and the sessions that are open; shared by both protocols.
//!
//! An unknown user costs the same time as a wrong password and gets the same answer, so that nobody learns who exists.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use dropcase_config::{Client, ClientKey, Right, verify_password};
use russh::keys::ssh_key::public::KeyData;
use russh::keys::{HashAlg, PublicKey};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// Passwords checked at once; each check takes the memory that its hash asks for (19 MiB by default).
const HASHES_AT_ONCE: usize = 2;
/// What an unknown user's password is checked against: argon2id with the parameters of `dropcase client add`.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$ZHJvcGNhc2Utbm9ib2R5$OdXV3GO3NRXOYVi4LZfoLWPPjWnMTmJWRuD4cZr7AXk";

/// A user who was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The client whose folders it sees.
    pub client: ClientKey,
    /// Login name.
    pub user: String,
    /// What it may do.
    pub rights: BTreeSet<Right>,
    /// Plain FTP is allowed to this client.
    pub plain_ftp: bool,
    /// What it showed.
    credential: Credential,
}

/// What let a user in, so that a reload can tell whether it still counts.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Credential {
    /// SHA-256 fingerprint of a public key.
    Key(String),
    /// Hash of the password.
    Password(String),
}

#[derive(Debug)]
struct Known {
    client: ClientKey,
    keys: Vec<KeyData>,
    password: Option<String>,
    rights: BTreeSet<Right>,
    plain_ftp: bool,
}

#[derive(Debug)]
struct Live {
    account: Account,
    ended: CancellationToken,
}

/// All users and open sessions.
#[derive(Debug)]
pub struct Accounts {
    users: RwLock<Arc<HashMap<String, Known>>>,
    sessions: Mutex<HashMap<u64, Live>>,
    next: AtomicU64,
    max_sessions_per_client: usize,
    hashing: Semaphore,
}

impl Accounts {
    /// Takes up the users of `clients`. Keys that cannot be read are left out; loading the settings reports them.
    pub fn new(clients: &[Client], max_sessions_per_client: usize) -> Arc<Self> {
        Arc::new(Self {
            users: RwLock::new(Arc::new(users_of(clients))),
            sessions: Mutex::default(),
            next: AtomicU64::new(1),
            max_sessions_per_client,
            hashing: Semaphore::new(HASHES_AT_ONCE),
        })
    }

    /// Takes up changed settings. Sessions of users that are gone, whose key or password no longer counts or whose
    /// rights changed end; all others go on.
    pub fn reload(&self, clients: &[Client]) {
        *self.users.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(users_of(clients));
        let users = self.users();
        for live in self.sessions().values() {
            if !still_counts(&users, &live.account) {
                live.ended.cancel();
            }
        }
    }

    /// Checks a password. Blocks for the time that hashing takes, also for unknown users.
    pub fn check_password(&self, user: &str, password: &str) -> Option<Account> {
        let users = self.users();
        let known = users.get(user);
        let stored = known.and_then(|known| known.password.as_deref());
        let matches = verify_password(password, stored.unwrap_or(NOBODY));
        let (known, stored) = (known?, stored?);
        matches.then(|| account(user, known, Credential::Password(stored.to_owned())))
    }

    /// As [`Accounts::check_password`], off the async threads and only a few at a time.
    pub async fn login(self: &Arc<Self>, user: &str, password: &str) -> Option<Account> {
        let _permit = self.hashing.acquire().await.ok()?;
        let (accounts, user, password) = (Arc::clone(self), user.to_owned(), password.to_owned());
        tokio::task::spawn_blocking(move || accounts.check_password(&user, &password))
            .await
            .ok()?
    }

    /// Is this key one of the user's? The caller has proof, or is about to get it, that the peer holds its secret half.
    pub fn check_key(&self, user: &str, key: &PublicKey) -> Option<Account> {
        let users = self.users();
        let known = users.get(user)?;
        let data = key.key_data();
        let found = known.keys.iter().any(|own| own == data);
        found.then(|| {
            account(
                user,
                known,
                Credential::Key(data.fingerprint(HashAlg::Sha256).to_string()),
            )
        })
    }

    /// Notes a session of `account`; `None` when its client has as many as it may have, or a reload took the access away
    /// since the account was checked.
    pub fn enter(self: &Arc<Self>, account: Account) -> Option<SessionGuard> {
        // A reload changes the users first and then ends sessions: whoever comes in between is seen by one of the two.
        let mut sessions = self.sessions();
        if !still_counts(&self.users(), &account) {
            return None;
        }
        let open = sessions
            .values()
            .filter(|live| live.account.client == account.client)
            .count();
        if open >= self.max_sessions_per_client {
            return None;
        }
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let ended = CancellationToken::new();
        sessions.insert(
            id,
            Live {
                account: account.clone(),
                ended: ended.clone(),
            },
        );
        Some(SessionGuard {
            accounts: Arc::clone(self),
            id,
            account,
            ended,
        })
    }

    /// Sessions open now.
    pub fn open_sessions(&self) -> usize {
        self.sessions().len()
    }

    fn users(&self) -> Arc<HashMap<String, Known>> {
        Arc::clone(&self.users.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<u64, Live>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An open session; dropping it frees its place.
#[derive(Debug)]
pub struct SessionGuard {
    accounts: Arc<Accounts>,
    id: u64,
    account: Account,
    ended: CancellationToken,
}

impl SessionGuard {
    /// Who it is.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Cancelled when a reload takes the user's access away; the server then ends the session.
    pub fn ended(&self) -> CancellationToken {
        self.ended.clone()
    }
}

impl Drop for SessionGuard {
    fn drop(&mut self) {
        self.accounts.sessions().remove(&self.id);
    }
}

fn users_of(clients: &[Client]) -> HashMap<String, Known> {
    let mut users = HashMap::new();
    for client in clients {
        for user in &client.users {
            let keys = user
                .keys
                .iter()
                .filter_map(|line| Some(PublicKey::from_openssh(line).ok()?.key_data().clone()));
            let known = Known {
                client: client.key.clone(),
                keys: keys.collect(),
                password: user.password.clone(),
                rights: user.rights.clone(),
                plain_ftp: client.plain_ftp,
            };
            users.insert(user.name.clone(), known);
        }
    }
    users
}

fn account(user: &str, known: &Known, credential: Credential) -> Account {
    Account {
        client: known.client.clone(),
        user: user.to_owned(),
        rights: known.rights.clone(),
        plain_ftp: known.plain_ftp,
        credential,
    }
}

fn still_counts(users: &HashMap<String, Known>, account: &Account) -> bool {
    let Some(known) = users.get(&account.user) else {
        return false;
    };
    let credential = match &account.credential {
        Credential::Key(print) => known
            .keys
            .iter()
            .any(|key| key.fingerprint(HashAlg::Sha256).to_string() == *print),
        Credential::Password(hash) => known.password.as_ref() == Some(hash),
    };
    credential && known.client == account.client && known.rights == account.rights
}
