//! From the bytes of a published file to one internal shape, whatever the file. Everything here is pure:
//! an adapter per layout in front ([`sites_csv`], [`finess_classic`], [`finess_stock`],
//! [`finess_plus`]), [`reconcile`] behind.

mod encoding;
mod field;
mod finess_classic;
mod finess_plus;
mod finess_stock;
mod headed;
mod issue;
mod lambert;
pub mod reconcile;
mod record;
mod sites_csv;
mod table;

use kernel::Region;

pub use issue::{Issue, Reason, Unreadable};
pub use record::{EntityHint, EntityRecord, Extract, SiteRecord};

/// Layouts that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Establishments with their legal entity, with a header.
    SitesCsv,
    /// The official extract without header (cs1100501, cs1100502, cs1100507, alone or one after another).
    FinessClassic,
    /// The yearly archive, with a header.
    FinessStock,
    /// The daily FINESS+ file of structures, JSON.
    FinessPlus,
}

/// Reads a whole file and keeps what belongs to the region.
pub fn read(format: Format, bytes: &[u8], region: Region) -> Result<Extract, Unreadable> {
    let text = encoding::decode(bytes)?;
    let mut extract = match format {
        Format::SitesCsv => sites_csv::read(&text.text, region),
        Format::FinessClassic => finess_classic::read(&text.text, region),
        Format::FinessStock => finess_stock::read(&text.text, region),
        Format::FinessPlus => finess_plus::read(&text.text, region),
    }?;
    extract.encoding = text.encoding;
    extract.reject_duplicates();
    extract.keep_entities_of_its_sites(region);
    Ok(extract)
}

#[cfg(test)]
pub(crate) mod tests;
