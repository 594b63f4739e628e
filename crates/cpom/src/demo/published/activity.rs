//! The published activity: one line per establishment and year.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

/// What was published for a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    Number(u64),
    /// Between 1 and 10, hidden by statistical secrecy.
    Masked,
    /// Published for some months of the year only, or not readable: not a yearly figure.
    Incomplete,
}

/// One year of one establishment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    pub stays: Published,
    pub sessions: Published,
    /// `M12` for a whole year.
    pub period: String,
}

/// All the years published under one number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Series {
    pub finess: String,
    pub title: String,
    pub years: BTreeMap<i32, Activity>,
}

#[derive(Deserialize)]
struct Line {
    annee: i32,
    finess: String,
    #[serde(default)]
    raison_sociale: String,
    periode: String,
    sejours_hors_seances: String,
    seances: String,
}

/// Reads the file into one series per number. The same line twice counts once; two lines that
/// contradict each other leave no figure.
pub fn read(content: &[u8]) -> Result<BTreeMap<String, Series>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .from_reader(content);
    let mut all: BTreeMap<String, Series> = BTreeMap::new();
    for line in reader.deserialize() {
        let line: Line = line.context("a line is not readable")?;
        let activity = activity(&line);
        let series = all.entry(line.finess.clone()).or_default();
        series.finess = line.finess;
        // Lines are in the order of the years: the latest name wins, unless it is empty.
        if !line.raison_sociale.is_empty() {
            series.title = line.raison_sociale;
        }
        let taken = series
            .years
            .entry(line.annee)
            .or_insert_with(|| activity.clone());
        if *taken != activity {
            taken.stays = Published::Incomplete;
            taken.sessions = Published::Incomplete;
        }
    }
    Ok(all)
}

fn activity(line: &Line) -> Activity {
    let is_whole_year = line.periode == "M12";
    let published = |text: &str| match text.trim() {
        _ if !is_whole_year => Published::Incomplete,
        "MASQUE_1_10" => Published::Masked,
        text => text
            .parse()
            .map_or(Published::Incomplete, Published::Number),
    };
    Activity {
        stays: published(&line.sejours_hors_seances),
        sessions: published(&line.seances),
        period: line.periode.clone(),
    }
}
