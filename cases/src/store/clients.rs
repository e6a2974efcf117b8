//! Clients, creditors and actors as rows, kept in step with the settings.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::db::{Tx, in_tx, on, queries};
use super::{Store, StoreError, audit, stamp};
use crate::model::{ActorId, ActorKind, ClientId, ClientRow, ClientSetting};

pub(crate) mod sql {
    use super::queries;
    queries! {
        ALL_CLIENTS = both "select * from clients order by key";
        CLIENT = both "select * from clients where key = $1";
        ADD_CLIENT = both "insert into clients (key, name, created_at) values ($1, $2, $3) returning *";
        SET_CLIENT = both "update clients set name = $2, removed_at = null where id = $1";
        REMOVE_CLIENT = both "update clients set removed_at = $2 where id = $1 and removed_at is null";
        SET_CREDITOR = both "insert into creditors (client_id, code, name) values ($1, $2, $3) \
            on conflict (client_id, code) do update set name = excluded.name, removed_at = null";
        REMOVE_CREDITORS = both "update creditors set removed_at = $2 where client_id = $1 and removed_at is null";
        ACTOR = both "select id from actors where kind = $1 and name = $2 and client_id is not distinct from $3";
        SET_ACTOR = both "insert into actors (kind, client_id, name) values ($1, $2, $3) \
            on conflict (kind, name) do update set client_id = excluded.client_id returning id";
    }
}

impl Store {
    /// Makes the rows of clients and creditors say what the settings say; clients that left are marked as removed.
    /// Additions, removals and returns go to the audit trail.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sync_clients(&self, clients: &[ClientSetting], now: DateTime<Utc>) -> Result<(), StoreError> {
        let known = self.clients().await?;
        let service = self.actor(ActorKind::Service, None, "dropcase").await?;
        let mut tx = self.db.begin().await?;
        for client in clients {
            let row = known.iter().find(|row| row.key == client.key);
            let id = match row {
                Some(row) => {
                    set_client(&mut tx, row.id, &client.name).await?;
                    if row.removed_at.is_some() {
                        audit::add(&mut tx, service, "client_returned", ("client", row.id.0), None, now).await?;
                    }
                    row.id
                }
                None => {
                    let id = add_client(&mut tx, client, now).await?;
                    audit::add(&mut tx, service, "client_added", ("client", id.0), None, now).await?;
                    id
                }
            };
            set_creditors(&mut tx, id, client, now).await?;
        }
        let kept: BTreeSet<&str> = clients.iter().map(|client| client.key.as_str()).collect();
        for gone in known
            .iter()
            .filter(|row| row.removed_at.is_none() && !kept.contains(row.key.as_str()))
        {
            in_tx!(&mut tx, sql::REMOVE_CLIENT, |conn, text| sqlx::query(text)
                .bind(gone.id)
                .bind(stamp(now))
                .execute(&mut *conn)
                .await
                .map(|_| ()))?;
            audit::add(&mut tx, service, "client_removed", ("client", gone.id.0), None, now).await?;
        }
        tx.commit().await
    }

    /// Every client that ever was, by key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clients(&self) -> Result<Vec<ClientRow>, StoreError> {
        Ok(on!(&self.db, sql::ALL_CLIENTS, |pool, text| sqlx::query_as(text)
            .fetch_all(pool)
            .await)?)
    }

    /// The client with `key`, also a removed one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn client(&self, key: &str) -> Result<Option<ClientRow>, StoreError> {
        Ok(on!(&self.db, sql::CLIENT, |pool, text| sqlx::query_as(text)
            .bind(key)
            .fetch_optional(pool)
            .await)?)
    }

    /// The actor of this kind and name, made when it is new.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn actor(&self, kind: ActorKind, client: Option<ClientId>, name: &str) -> Result<ActorId, StoreError> {
        let known: Option<ActorId> = on!(&self.db, sql::ACTOR, |pool, text| sqlx::query_scalar(text)
            .bind(kind)
            .bind(name)
            .bind(client)
            .fetch_optional(pool)
            .await)?;
        if let Some(id) = known {
            return Ok(id);
        }
        let mut tx = self.db.begin().await?;
        let id = in_tx!(&mut tx, sql::SET_ACTOR, |conn, text| sqlx::query_scalar(text)
            .bind(kind)
            .bind(client)
            .bind(name)
            .fetch_one(&mut *conn)
            .await)?;
        tx.commit().await?;
        Ok(id)
    }
}

async fn add_client(tx: &mut Tx, client: &ClientSetting, now: DateTime<Utc>) -> Result<ClientId, StoreError> {
    let row: ClientRow = in_tx!(tx, sql::ADD_CLIENT, |conn, text| sqlx::query_as(text)
        .bind(&client.key)
        .bind(&client.name)
        .bind(stamp(now))
        .fetch_one(&mut *conn)
        .await)?;
    Ok(row.id)
}

async fn set_client(tx: &mut Tx, id: ClientId, name: &str) -> Result<(), StoreError> {
    in_tx!(tx, sql::SET_CLIENT, |conn, text| sqlx::query(text)
        .bind(id)
        .bind(name)
        .execute(&mut *conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// A client that is its own creditor has one with the code ''.
async fn set_creditors(
    tx: &mut Tx,
    id: ClientId,
    client: &ClientSetting,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    in_tx!(tx, sql::REMOVE_CREDITORS, |conn, text| sqlx::query(text)
        .bind(id)
        .bind(stamp(now))
        .execute(&mut *conn)
        .await
        .map(|_| ()))?;
    let own = [("", client.name.as_str())];
    let named: Vec<(&str, &str)> = client
        .creditors
        .iter()
        .map(|c| (c.code.as_str(), c.name.as_str()))
        .collect();
    for (code, name) in if named.is_empty() { &own[..] } else { &named[..] } {
        in_tx!(tx, sql::SET_CREDITOR, |conn, text| sqlx::query(text)
            .bind(id)
            .bind(*code)
            .bind(*name)
            .execute(&mut *conn)
            .await
            .map(|_| ()))?;
    }
    Ok(())
}
