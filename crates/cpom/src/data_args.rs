//! The command line of `cpom data`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kernel::Region;
use proto::{targets::v1 as pb, types::v1::Unit};

/// Reads a value of a closed vocabulary: `ghm-groups` is `NOMENCLATURE_KIND_GHM_GROUPS`.
macro_rules! vocabulary {
    ($name:ident: $type:ty, $prefix:literal) => {
        fn $name(text: &str) -> Result<$type, String> {
            let full = format!("{}_{}", $prefix, text.to_uppercase().replace('-', "_"));
            <$type>::from_str_name(&full)
                .filter(|value| *value as i32 != 0)
                .ok_or_else(|| format!("{text:?} is not one of the values that are known"))
        }
    };
}

vocabulary!(nomenclature_kind: pb::NomenclatureKind, "NOMENCLATURE_KIND");
vocabulary!(territory_kind: pb::TerritoryKind, "TERRITORY_KIND");
vocabulary!(area_kind: pb::AreaKind, "AREA_KIND");
vocabulary!(population_layout: pb::PopulationLayout, "POPULATION_LAYOUT");
vocabulary!(pmsi_field: pb::PmsiField, "PMSI_FIELD");
vocabulary!(case_mix_layout: pb::CaseMixLayout, "CASE_MIX_LAYOUT");
vocabulary!(finance_layout: pb::FinanceLayout, "FINANCE_LAYOUT");
vocabulary!(unit: Unit, "UNIT");

#[derive(Debug, Subcommand)]
pub enum DataCommand {
    /// Import a version of a nomenclature (care activities, groupings of GHM, communes …).
    Nomenclature(NomenclatureArgs),
    /// Import a version of the territories of a region.
    Territories(TerritoriesArgs),
    /// Import the outlines of the territories of a version (GeoJSON), to draw them.
    Outlines(OutlinesArgs),
    /// Import the inhabitants of a year.
    Population(PopulationArgs),
    /// Look at a case-mix file and, with `--apply`, import it.
    CaseMix(CaseMixArgs),
    /// Look at a file of accounts or credits and, with `--apply`, import it.
    Finances(FinancesArgs),
    /// Publish rates as a new version of a series, small counts hidden.
    Publish(PublishArgs),
}

/// What every file has.
#[derive(Debug, Args)]
pub struct FileArgs {
    /// UTF-8, separated by `;`, with a header.
    pub file: PathBuf,
    /// Region, by INSEE code.
    #[arg(long)]
    pub region: Region,
    /// Who publishes the file, and where.
    #[arg(long)]
    pub source: String,
}

#[derive(Debug, Args)]
pub struct NomenclatureArgs {
    #[command(flatten)]
    pub file: FileArgs,
    /// For example `care-activities`, `ghm-groups`, `finess-categories`, `geography`.
    #[arg(long, value_parser = nomenclature_kind)]
    pub kind: pb::NomenclatureKind,
    /// Version, for example `v14`.
    #[arg(long)]
    pub edition: String,
    /// First day it applies, `YYYY-MM-DD`.
    #[arg(long)]
    pub valid_from: String,
    /// Read the file and change nothing.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct TerritoriesArgs {
    #[command(flatten)]
    pub file: FileArgs,
    /// Identifier of the version, for example `zones-93-2023`.
    #[arg(long)]
    pub id: String,
    /// For example `scheme-zone`, `department`.
    #[arg(long, value_parser = territory_kind)]
    pub kind: pb::TerritoryKind,
    /// `commune` or `department`.
    #[arg(long, value_parser = area_kind, default_value = "commune")]
    pub composed_of: pb::AreaKind,
    /// Version of the communes that must be covered, for example `2023`.
    #[arg(long)]
    pub geography: String,
    /// First day it applies, `YYYY-MM-DD`.
    #[arg(long)]
    pub valid_from: String,
    /// Last day it applies.
    #[arg(long, default_value = "")]
    pub valid_to: String,
    /// Read the file and change nothing.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct OutlinesArgs {
    /// GeoJSON in degrees (EPSG:4326), one feature for each territory.
    pub file: PathBuf,
    /// Version of the territories, for example `zones-93-2023`.
    #[arg(long)]
    pub territories: String,
    /// Property of a feature that holds the code of its territory.
    #[arg(long, default_value = "code")]
    pub code_property: String,
    /// Leave out the features of other territories, as a national file has.
    #[arg(long)]
    pub skip_unknown: bool,
    /// Who publishes the file, and where.
    #[arg(long)]
    pub source: String,
    /// Under which the outlines may be shown, for example `Licence Ouverte 2.0`.
    #[arg(long)]
    pub licence: String,
    /// Read the file and change nothing.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct PopulationArgs {
    #[command(flatten)]
    pub file: FileArgs,
    /// Identifier, for example `insee-estimates-2021`.
    #[arg(long)]
    pub id: String,
    #[arg(long)]
    pub year: i32,
    /// `plain` or `insee-departments`.
    #[arg(long, value_parser = population_layout, default_value = "plain")]
    pub layout: pb::PopulationLayout,
    /// `commune` or `department`.
    #[arg(long, value_parser = area_kind, default_value = "commune")]
    pub areas: pb::AreaKind,
    /// Read the file and change nothing.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct CaseMixArgs {
    #[command(flatten)]
    pub file: FileArgs,
    /// `mco`, `smr`, `had` or `psy`.
    #[arg(long, value_parser = pmsi_field)]
    pub field: pb::PmsiField,
    /// `plain`, `scansante-mco`, `smr-gme`, `diamant-yearly`, `diamant-cumulative` or `diamant-monthly`.
    #[arg(long, value_parser = case_mix_layout, default_value = "plain")]
    pub layout: pb::CaseMixLayout,
    /// Codes of the activities, `nomenclatures/{kind}/versions/{version}`.
    #[arg(long, default_value = "nomenclatures/major-activities/versions/base")]
    pub nomenclature: String,
    /// `YYYY-MM-DD`.
    #[arg(long)]
    pub extraction_date: String,
    /// Import the file once it was looked at. Otherwise nothing changes.
    #[arg(long)]
    pub apply: bool,
    /// Quality gate to let pass, for example `JUMP_AGAINST_LAST_YEAR`. May be repeated.
    #[arg(long, value_name = "GATE", requires = "because")]
    pub accept: Vec<String>,
    /// Why the gates may pass.
    #[arg(long, value_name = "REASON")]
    pub because: Option<String>,
}

#[derive(Debug, Args)]
pub struct FinancesArgs {
    #[command(flatten)]
    pub file: FileArgs,
    /// `diamant-ca`, `diamant-errd`, `diamant-errd-legal-entity`, `diamant-hospital`, `diamant-hapi` or
    /// `diamant-perimeter`.
    #[arg(long, value_parser = finance_layout)]
    pub layout: pb::FinanceLayout,
    /// `YYYY-MM-DD`.
    #[arg(long)]
    pub extraction_date: String,
    /// Import the file once it was looked at. Otherwise nothing changes.
    #[arg(long)]
    pub apply: bool,
}

#[derive(Debug, Args)]
pub struct PublishArgs {
    /// Identifier of the series, for example `mco-93-2023`.
    #[arg(long)]
    pub series: String,
    #[arg(long)]
    pub title: String,
    /// `mco`, `smr`, `had` or `psy`.
    #[arg(long, value_parser = pmsi_field)]
    pub field: pb::PmsiField,
    #[arg(long)]
    pub year: i32,
    /// `stays`, `patients`, `days` or `sessions`.
    #[arg(long, value_parser = unit, default_value = "stays")]
    pub unit: Unit,
    /// Version of the territories, for example `zones-93-2023`.
    #[arg(long)]
    pub territories: String,
    /// Population, for example `insee-estimates-2021`.
    #[arg(long)]
    pub population: String,
    /// File that tells the method, in words, for the public.
    #[arg(long, value_name = "FILE")]
    pub method: PathBuf,
    /// Where cases and inhabitants come from.
    #[arg(long)]
    pub sources: String,
    /// What was wrong in the version before.
    #[arg(long, default_value = "")]
    pub correction: String,
    /// Activity to publish; all that have cases when absent. May be repeated.
    #[arg(long)]
    pub activity: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_command_line_are_words_of_the_wire() {
        assert_eq!(
            nomenclature_kind("ghm-groups"),
            Ok(pb::NomenclatureKind::GhmGroups)
        );
        assert_eq!(
            case_mix_layout("diamant-cumulative"),
            Ok(pb::CaseMixLayout::DiamantCumulative)
        );
        assert_eq!(
            case_mix_layout("diamant-monthly"),
            Ok(pb::CaseMixLayout::DiamantMonthly)
        );
        assert_eq!(
            finance_layout("diamant-errd-legal-entity"),
            Ok(pb::FinanceLayout::DiamantErrdLegalEntity)
        );
        assert_eq!(unit("stays"), Ok(Unit::Stays));
        assert!(pmsi_field("unspecified").is_err() && area_kind("canton").is_err());
    }
}
