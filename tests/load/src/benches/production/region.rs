//! Files of the made-up region, the same in every run.

use std::{
    env,
    fmt::Write as _,
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::PathBuf,
};

use anyhow::Context as _;
use cpom_tests::scenario::Registry;
use kernel::Finess;

pub(crate) const TERRITORIES: u32 = 100;
pub(crate) const ACTIVITIES: u32 = 30;
const COMMUNES_EACH: u32 = 8;
const ENTITIES: u32 = 7;
const SITES_EACH: u32 = 3;
const AGES: [&str; 20] = [
    "0-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54",
    "55-59", "60-64", "65-69", "70-74", "75-79", "80-84", "85-89", "90-94", "95+",
];
/// Of a hash: how finely it decides whether a cell is there.
const PARTS: u64 = 1 << 32;

/// Where people live, what is counted, and who counts it.
pub(crate) struct Region {
    pub(crate) registry: Registry,
    sites: Vec<Finess>,
}

impl Region {
    pub(crate) fn new(region: kernel::Region) -> anyhow::Result<Self> {
        let registry = Registry::generate(region, ENTITIES, SITES_EACH)?;
        let sites = registry
            .entities
            .iter()
            .flat_map(|entity| &entity.sites)
            .copied()
            .collect();
        Ok(Self { registry, sites })
    }

    /// `code;nom;departement`.
    pub(crate) fn geography() -> String {
        let commune = |place| format!("{};Commune {place};13", commune(place));
        lines("code;nom;departement", communes().map(commune))
    }

    /// `territory;title;area`.
    pub(crate) fn territories() -> String {
        let line = |place| {
            let territory = place / COMMUNES_EACH;
            format!("T{territory:03};Territoire {territory};{}", commune(place))
        };
        lines("territory;title;area", communes().map(line))
    }

    /// Thirty groups of stays.
    pub(crate) fn groups() -> String {
        let line = |place| {
            let root = group(place);
            format!("{root}1;{root};GA{place:02};GP{place:02};DA{place:02};C;C")
        };
        lines("ghm;racine;ga;gp;da;cas;aso", (0..ACTIVITIES).map(line))
    }

    /// `year;area;sex;age_class;population`.
    pub(crate) fn population() -> String {
        let classes = communes().flat_map(|place| {
            let of_sex = move |sex: u32| {
                (0_u32..).zip(AGES).map(move |(class, age)| {
                    let people = 20 + hash(&[place, sex, class]) % 180;
                    format!("2022;{};{sex};{age};{people}", commune(place))
                })
            };
            of_sex(1).chain(of_sex(2))
        });
        lines("year;area;sex;age_class;population", classes)
    }

    /// Writes about `rows` cells: of all that could be there, those that a hash chooses.
    pub(crate) fn case_mix(&self, rows: u32) -> anyhow::Result<CaseMixFile> {
        let path = env::temp_dir().join(format!("cpom-load-{}.csv", kernel::new_id().simple()));
        let mut file = CaseMixFile { path, rows: 0 };
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&file.path)?);
        writeln!(
            out,
            "finess;year;month;activity;mode;residence;age_class;sex;stays;patients;days;sessions"
        )?;
        let possible = u64::try_from(self.sites.len())?
            * u64::from(ACTIVITIES * TERRITORIES * COMMUNES_EACH)
            * 40;
        let chosen = (u64::from(rows) * PARTS / possible).min(PARTS);
        for (number, site) in (0_u32..).zip(&self.sites) {
            for activity in 0..ACTIVITIES {
                for place in communes() {
                    file.rows += cells(&mut out, (number, site), activity, place, chosen)?;
                }
            }
        }
        out.flush()?;
        Ok(file)
    }
}

/// The cells of one establishment, activity and commune.
fn cells(
    out: &mut impl io::Write,
    (number, site): (u32, &Finess),
    activity: u32,
    place: u32,
    chosen: u64,
) -> anyhow::Result<u32> {
    let mut written = 0;
    let mode = if hash(&[number, activity, place]).is_multiple_of(3) {
        "AMBU"
    } else {
        "HC"
    };
    for sex in 1..=2 {
        for (class, age) in (0_u32..).zip(AGES) {
            let dice = hash(&[number, activity, place, sex, class]);
            if dice % PARTS >= chosen {
                continue;
            }
            let stays = 1 + (dice >> 40) % 24;
            writeln!(
                out,
                "{site};2023;12;{};{mode};{};{age};{sex};{stays};;;",
                group(activity),
                commune(place)
            )?;
            written += 1;
        }
    }
    Ok(written)
}

/// A file of cells, removed with the value.
pub(crate) struct CaseMixFile {
    pub(crate) path: PathBuf,
    /// Cells in it.
    pub(crate) rows: u32,
}

impl CaseMixFile {
    pub(crate) fn open(&self) -> anyhow::Result<File> {
        File::open(&self.path).with_context(|| self.path.display().to_string())
    }
}

impl Drop for CaseMixFile {
    fn drop(&mut self) {
        let _left = fs::remove_file(&self.path);
    }
}

fn communes() -> impl Iterator<Item = u32> {
    0..TERRITORIES * COMMUNES_EACH
}

/// INSEE code of a made-up commune of the Bouches-du-Rhône: those of the sixteen districts of Marseille are no communes.
fn commune(place: u32) -> String {
    let number = place + 1;
    let districts = if number > 200 { 16 } else { 0 };
    format!("13{:03}", number + districts)
}

/// Root of a made-up group of stays.
fn group(place: u32) -> String {
    format!("{:02}C{:02}", place % 23 + 1, place + 1)
}

fn lines(header: &str, lines: impl Iterator<Item = String>) -> String {
    let mut text = header.to_owned();
    for line in lines {
        let _ = write!(text, "\n{line}");
    }
    text
}

/// Numbers without a pattern, from numbers with one (FNV-1a, then a finalizer of `MurmurHash3`).
fn hash(numbers: &[u32]) -> u64 {
    let folded = numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let mixed = (folded ^ (folded >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    mixed ^ (mixed >> 33)
}
