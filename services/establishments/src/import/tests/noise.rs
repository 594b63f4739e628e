use proptest::prelude::*;

use super::{
    finess_classic::{classic_entity, classic_place, classic_site},
    finess_plus::{plus_entity, plus_file, plus_site},
    *,
};

const FORMATS: [Format; 4] = [
    Format::SitesCsv,
    Format::FinessClassic,
    Format::FinessStock,
    Format::FinessPlus,
];

proptest! {
    #[test]
    fn no_bytes_make_an_adapter_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for format in FORMATS {
            let _ = read(format, &bytes, paca());
        }
    }

    /// Noise behind a good beginning goes deeper than noise alone.
    #[test]
    fn no_noise_in_a_file_makes_an_adapter_panic(
        at in 0usize..2000,
        noise in prop::collection::vec(any::<u8>(), 1..20),
    ) {
        let (site, entity) = (finess("13", 1), finess("13", 2));
        let classic = [
            "finess;etalab;94;2026-05-12".to_owned(),
            classic_entity(entity, "E", "13"),
            classic_site(site, entity),
            classic_place(site),
        ].join("\n");
        let plus = plus_file(&[plus_entity(entity.as_str(), "13055", &[plus_site(site.as_str(), "A")])]);
        for (format, file) in [
            (Format::SitesCsv, sites_file(6).join("\n")),
            (Format::FinessClassic, classic),
            (Format::FinessPlus, plus),
        ] {
            let mut bytes = file.into_bytes();
            let at = at % bytes.len();
            let end = (at + noise.len()).min(bytes.len());
            bytes.splice(at..end, noise.iter().copied());
            let _ = read(format, &bytes, paca());
        }
    }

    #[test]
    fn every_line_of_a_good_file_is_read(count in 0u32..60) {
        let extract = read_sites(&sites_file(count));
        prop_assert!(extract.rejected.is_empty() && extract.warnings.is_empty());
        prop_assert_eq!(extract.sites.len(), count as usize);
        for (serial, record) in (0..count).zip(&extract.sites) {
            prop_assert_eq!(record.site.finess, finess("13", serial));
            prop_assert_eq!(record.line, u64::from(serial) + 2);
        }
    }

    #[test]
    fn one_wrong_digit_rejects_exactly_its_line(bad in 0u32..20, place in 0usize..9, shift in 1u8..10) {
        let mut lines = sites_file(20);
        let line = &mut lines[bad as usize + 1];
        let wrong = b'0' + (line.as_bytes()[place] - b'0' + shift) % 10;
        line.replace_range(place..=place, &char::from(wrong).to_string());
        let extract = read_sites(&lines);
        prop_assert_eq!(only_rejection(&extract), (u64::from(bad) + 2, "finess_et", Reason::FinessKey));
        prop_assert_eq!(extract.sites.len(), 19);
    }

    /// Wherever the line is cut, either it is rejected or only the end of its last field is lost.
    #[test]
    fn a_cut_line_never_harms_the_others(bad in 0u32..20, keep in 1usize..60) {
        let mut lines = sites_file(20);
        lines[bad as usize + 1].truncate(keep);
        let extract = read_sites(&lines);
        let is_cut = |line: u64| line == u64::from(bad) + 2;
        prop_assert_eq!(only_rejection(&extract).2, Reason::TruncatedLine);
        prop_assert!(is_cut(extract.rejected[0].line));
        prop_assert_eq!(extract.sites.len(), 19);
    }
}
