#![allow(dead_code, unused_imports)]
#[path = "/tmp/world_bench.rs"]
mod world;
use std::time::Instant;
use proto::{contracts::v1::{ContractDrafted, ContractInForce}, targets::v1::{IndicatorValue, TargetSetState, indicator_value}};
use world::{Contract, World, contract_manager, director, system, stays, ENTITY};

fn finess(n: u32) -> String {
    for key in 0..10 {
        let text = format!("13{:06}{key}", n);
        if text.parse::<kernel::Finess>().is_ok() { return text; }
    }
    panic!()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn throughput() {
    let world = World::new().await;
    let contract = Contract::new();
    let sites: Vec<String> = (0..300).map(finess).collect();
    let mut text = contract.text();
    text.establishments = sites.iter().map(|s| format!("establishments/{s}")).collect();
    world.tell(&contract, 1, &ContractDrafted { region: "93".into(), number: "1".into(), legal_regime: "R2020_2025".into(), text: Some(text.clone()) }).await;
    let set = world.create(&contract, vec![stays("a", &sites[0])]).await;
    let set = world.agree(&contract_manager(), &set).await.unwrap();
    let set = world.agree(&director(ENTITY), &set).await.unwrap();
    world.tell(&contract, 2, &ContractInForce { region: "93".into(), number: "1".into(), legal_entities: text.legal_entities, establishments: text.establishments, effect_date: text.effect_date, end_date: text.end_date, target_set: set.name.clone() }).await;
    world.wait_for_state(&set.name, TargetSetState::InEffect).await;

    let codes = ["MCO_STAYS", "MCO_SESSIONS", "MCO_FULL_STAYS", "MCO_DAY_STAYS"];
    let batch_size: usize = std::env::var("BATCH").ok().and_then(|b| b.parse().ok()).unwrap_or(10_000);
    let batches = 500_000 / batch_size;
    let mut n = 0usize;
    let mut next = || {
        n += 1;
        IndicatorValue { subject: sites[n % 300].clone(), indicator: codes[(n / 300) % 4].into(), period: format!("{}-{:02}", 2024 + (n / 14400) % 5, 1 + (n / 1200) % 12), content: Some(indicator_value::Content::Value((n % 5000).to_string())) }
    };
    let all: Vec<Vec<IndicatorValue>> = (0..batches).map(|_| (0..batch_size).map(|_| next()).collect()).collect();
    for round in 0..3 {
        let messages = all.clone();
        let submission = kernel::new_id();
        let (stream, _) = world.open(&system(ENTITY), submission).await.unwrap();
        let (mut sender, mut receiver) = stream.split();
        let start = Instant::now();
        let send = tokio::spawn(async move {
            for (i, values) in messages.into_iter().enumerate() { sender.send(i as i64 + 1, values).await; }
            sender
        });
        let mut accepted = 0;
        while accepted < (batches * batch_size) as i64 {
            let ack = receiver.message().await.unwrap().unwrap().acknowledged.unwrap();
            assert!(ack.rejected.is_empty(), "{:?}", ack.rejected[0]);
            accepted += ack.accepted;
        }
        let stream_time = start.elapsed();
        drop(send.await.unwrap());
        // raw COPY
        let mut owner = world.service.database.owner().await;
        use futures::TryStreamExt as _;
        let mut out = Vec::new();
        {
            let statement = format!("copy (select received_at, gen_random_uuid(), sequence, year, month, kind, position, subject, indicator, value from indicator_value where submission = '{submission}' order by sequence, position) to stdout with (format binary)");
            let mut rows = owner.copy_out_raw(&statement).await.unwrap();
            while let Some(chunk) = rows.try_next().await.unwrap() { out.extend_from_slice(&chunk); }
        }
        let start = Instant::now();
        let mut copy = owner.copy_in_raw("copy indicator_value from stdin with (format binary)").await.unwrap();
        for chunk in out.chunks(64 * 1024) { copy.send(chunk).await.unwrap(); }
        copy.finish().await.unwrap();
        let raw = start.elapsed();
        let rows = (batches * batch_size) as u128;
        println!("round {round}: stream {} rows/s, raw {} rows/s, ratio {:.2}, bytes/row {}", rows * 1000 / stream_time.as_millis(), rows * 1000 / raw.as_millis(), raw.as_secs_f64() / stream_time.as_secs_f64(), out.len() / rows as usize);
    }
}
