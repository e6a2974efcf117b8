//! Clients follow the settings.

use crate::model::{ActorKind, ClientSetting, CreditorSetting};
use crate::on_both;
use crate::store::db::{Sql, on};
use crate::testing::TestDb;
use crate::testing::fixture::{clients, now};

async fn audit(db: &TestDb) -> Vec<String> {
    let text = "select action from audit order by id";
    on!(
        &db.store.db,
        Sql {
            sqlite: text,
            postgres: text
        },
        |pool, text| sqlx::query_scalar(text).fetch_all(pool).await
    )
    .unwrap()
}

async fn creditors(db: &TestDb) -> Vec<String> {
    let text = "select code from creditors where removed_at is null order by code";
    on!(
        &db.store.db,
        Sql {
            sqlite: text,
            postgres: text
        },
        |pool, text| sqlx::query_scalar(text).fetch_all(pool).await
    )
    .unwrap()
}

on_both! {
    async fn clients_come_leave_and_return(db: TestDb) {
        clients(&db, &["muster", "beispiel"]).await;
        clients(&db, &["muster"]).await;
        let gone = db.store.client("beispiel").await.unwrap().unwrap();
        assert_eq!(gone.removed_at, Some(now()));
        clients(&db, &["beispiel", "muster"]).await;
        let back = db.store.client("beispiel").await.unwrap().unwrap();
        assert_eq!((back.id, back.removed_at), (gone.id, None));
        assert_eq!(audit(&db).await, ["client_added", "client_added", "client_removed", "client_returned"]);
        let keys: Vec<String> = db.store.clients().await.unwrap().into_iter().map(|row| row.key).collect();
        assert_eq!(keys, ["beispiel", "muster"]);
    }

    async fn creditors_follow(db: TestDb) {
        let mut client = ClientSetting { key: "muster".to_owned(), name: "Muster".to_owned(), creditors: Vec::new() };
        db.store.sync_clients(&[client.clone()], now()).await.unwrap();
        assert_eq!(creditors(&db).await, [""]);
        for code in ["NORD", "OST"] {
            client.creditors.push(CreditorSetting { code: code.to_owned(), name: code.to_owned() });
        }
        db.store.sync_clients(&[client.clone()], now()).await.unwrap();
        assert_eq!(creditors(&db).await, ["NORD", "OST"]);
        client.creditors.remove(0);
        db.store.sync_clients(&[client], now()).await.unwrap();
        assert_eq!(creditors(&db).await, ["OST"]);
    }

    async fn an_actor_is_one(db: TestDb) {
        clients(&db, &["muster"]).await;
        let client = db.store.client("muster").await.unwrap().map(|row| row.id);
        let first = db.store.actor(ActorKind::User, client, "muster").await.unwrap();
        assert_eq!(db.store.actor(ActorKind::User, client, "muster").await.unwrap(), first);
        assert_ne!(db.store.actor(ActorKind::Operator, None, "muster").await.unwrap(), first);
    }
}
