//! What a campaign fixed before anything was measured.

use proto::controls::v1::FrozenData;

use crate::text::numbers;

/// The versions that are compared, each with what it is, so that anybody may check them. Empty before they were fixed.
pub(super) fn versions(data: Option<&FrozenData>) -> Vec<(String, String)> {
    let Some(data) = data else {
        return Vec::new();
    };
    let targets = format!(
        "Cibles de {} contrats sur {}",
        numbers::whole(data.target_sets),
        numbers::whole(data.contracts)
    );
    let mut versions = vec![(targets, format!("empreinte {}", data.target_sets_sha256))];
    for import in &data.pmsi_imports {
        let what = format!(
            "PMSI {}, jusqu’au mois {}",
            import.pmsi_field, import.through_month
        );
        let version = format!(
            "{}, extraction du {}, empreinte {}",
            import.source, import.extraction_date, import.sha256
        );
        versions.push((what, version));
    }
    if data.pmsi_imports.is_empty() && !data.pmsi_version.is_empty() {
        versions.push(("PMSI".to_owned(), data.pmsi_version.clone()));
    }
    versions
}
