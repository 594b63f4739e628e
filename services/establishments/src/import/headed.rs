//! Files with one site a line under a header line.

use kernel::Region;

use super::{
    issue::{Issue, Unreadable},
    record::{Extract, SiteRecord},
    table::{self, Layout, Row},
};
use crate::domain::geography::Territory;

/// What an adapter knows of such a file.
pub(super) struct Sheet {
    /// How messages call it.
    pub(super) layout: &'static str,
    /// Columns it cannot do without.
    pub(super) needed: &'static [&'static str],
    /// Whose the line is.
    pub(super) territory: fn(&Row<'_>) -> Result<Territory, Issue>,
    /// The record of a line of this region.
    pub(super) site: fn(&Row<'_>, Region, &mut Vec<Issue>) -> Result<SiteRecord, Issue>,
}

impl Sheet {
    /// Reads every line; whose it is comes first, so that a defect in another region's line is not ours.
    pub(super) fn read(&self, text: &str, region: Region) -> Result<Extract, Unreadable> {
        let mut lines = table::lines(text);
        let (_, header) = lines.next().ok_or(Unreadable::Empty)?;
        let layout = Layout::from_header(header, self.layout, self.needed)?;
        let mut extract = Extract {
            has_sites: true,
            ..Extract::default()
        };
        for (line, text) in lines {
            extract.lines += 1;
            let row = match layout.row(line, text) {
                Ok(row) => row,
                Err(issue) => {
                    extract.rejected.push(issue);
                    continue;
                }
            };
            match (self.territory)(&row) {
                Ok(Territory::Region(of)) if of == region => {
                    let mut warnings = Vec::new();
                    let read = (self.site)(&row, region, &mut warnings);
                    extract.push_site(read, warnings);
                }
                Ok(_) => extract.skipped += 1,
                Err(issue) => extract.rejected.push(issue),
            }
        }
        Ok(extract)
    }
}
