//! A database that somebody changes in one way after another.

use cpom::audit::{export::Request, verify::Report};
use cpom_tests::suite::Service;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

use crate::support::{World, read};

/// The tables of a history and of its log.
const TABLES: [&str; 3] = ["event", "merkle_node", "checkpoint"];

pub(crate) struct Crime {
    pub(crate) world: World,
    pub(crate) intruder: PgConnection,
    /// The contract whose history is changed.
    pub(crate) victim: String,
    /// The place of its second event in the log.
    pub(crate) second: u64,
    exports: usize,
}

impl Crime {
    /// Takes everything away while it is sound, and keeps what was.
    pub(crate) async fn prepare() -> anyhow::Result<Self> {
        let world = World::new().await?;
        world.export("before", &Request::default()).await?;
        let mut intruder = world.intruder(Service::Contracts).await?;
        for table in TABLES {
            let keep = format!("create table kept_{table} as table {table}");
            intruder.execute(AssertSqlSafe(keep)).await?;
        }
        let victim = world.contracts[0].clone();
        let second: i64 = sqlx::query_scalar(
            "select index from merkle_node join event on event.seq = event_seq
             where aggregate = $1 and version = 2",
        )
        .bind(&victim)
        .fetch_one(&mut intruder)
        .await?;
        Ok(Self {
            world,
            intruder,
            victim,
            second: second.unsigned_abs(),
            exports: 0,
        })
    }

    /// Puts everything back, and makes sure of it.
    pub(crate) async fn undo(&mut self) -> anyhow::Result<()> {
        let restore = TABLES.map(|table| {
            format!(
                "delete from {table}; insert into {table} overriding system value table kept_{table};"
            )
        });
        self.intruder
            .execute(AssertSqlSafe(restore.concat()))
            .await?;
        let (report, later) = self.discover().await?;
        anyhow::ensure!(report.is_sound && later.is_sound, "{report:?} {later:?}");
        Ok(())
    }

    /// Takes everything away again, and verifies it without and with what was known before.
    pub(crate) async fn discover(&mut self) -> anyhow::Result<(Report, Report)> {
        self.exports += 1;
        let name = format!("after-{}", self.exports);
        self.world.export(&name, &Request::default()).await?;
        Ok((
            self.world.verify(&name, None)?,
            self.world.verify(&name, Some("before"))?,
        ))
    }

    /// The table for people of the last export.
    pub(crate) fn last_table(&self) -> anyhow::Result<String> {
        let name = format!("after-{}/contracts/events.csv", self.exports);
        read(&self.world.path(&name))
    }

    /// Puts other words into the second event, and into its columns.
    pub(crate) async fn change_second(&mut self) -> anyhow::Result<()> {
        let changed = sqlx::query(
            "update event
             set region = '94', canonical = convert_to(
                 replace(convert_from(canonical, 'UTF8'), '\"region\":\"93\"', '\"region\":\"94\"'), 'UTF8')
             where aggregate = $1 and version = 2",
        )
        .bind(&self.victim)
        .execute(&mut self.intruder)
        .await?;
        anyhow::ensure!(changed.rows_affected() == 1);
        Ok(())
    }

    /// Makes the chain whole again from the second event on. Returns how many were rewritten.
    pub(crate) async fn recompute_chain(&mut self) -> anyhow::Result<usize> {
        let rows = sqlx::query(
            "select seq, canonical, prev_hash from event where aggregate = $1 and version >= 2 order by version",
        )
        .bind(&self.victim)
        .fetch_all(&mut self.intruder)
        .await?;
        let mut previous: [u8; 32] = rows[0].get::<&[u8], _>("prev_hash").try_into()?;
        for row in &rows {
            let hash = store::chain_hash(&previous, row.get("canonical"));
            sqlx::query("update event set prev_hash = $2, hash = $3 where seq = $1")
                .bind(row.get::<i64, _>("seq"))
                .bind(previous.as_slice())
                .bind(hash.as_slice())
                .execute(&mut self.intruder)
                .await?;
            previous = hash;
        }
        Ok(rows.len())
    }
}
