//! A plane that touches the Earth in the middle of what is drawn: one kilometre is as long everywhere in a region.

use kernel::Decimal;

/// Hundred-thousandths of a degree, in which outlines come.
const STEPS: i64 = 100_000;
/// Places of a border are drawn to the tenth of a pixel.
pub(super) const TENTHS: i64 = 10;
const MILLION: i64 = 1_000_000;

/// Kilometres of one degree of a meridian, on a sphere of 6,371 km.
fn degree() -> Decimal {
    Decimal::new(111_195, 3)
}

/// The smallest width and height that are drawn, in kilometres: one site is not a region.
fn smallest() -> Decimal {
    Decimal::from(8)
}

/// Cosine of an angle in degrees, by its series: within 0.00003 up to a right angle.
fn cosine(degrees: Decimal) -> Decimal {
    let radians = degrees * Decimal::new(17_453_293, 9);
    let square = radians * radians;
    let (mut term, mut sum) = (Decimal::ONE, Decimal::ONE);
    for rank in 1..=4 {
        let twice = Decimal::from(2 * rank);
        term = -term * square / (twice * (twice - Decimal::ONE));
        sum += term;
    }
    sum
}

/// A frame in pixels, with room around what is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) margin: i64,
}

/// What is to fit: two latitudes, two longitudes, in degrees.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extent {
    pub(super) south: Decimal,
    pub(super) north: Decimal,
    pub(super) west: Decimal,
    pub(super) east: Decimal,
}

impl Extent {
    /// Of places in degrees: latitude, longitude.
    pub(super) fn of(places: impl Iterator<Item = (Decimal, Decimal)>) -> Self {
        let (latitudes, longitudes): (Vec<Decimal>, Vec<Decimal>) = places.unzip();
        let low = |all: &[Decimal]| all.iter().min().copied().unwrap_or_default();
        let high = |all: &[Decimal]| all.iter().max().copied().unwrap_or_default();
        Self {
            south: low(&latitudes),
            north: high(&latitudes),
            west: low(&longitudes),
            east: high(&longitudes),
        }
    }

    /// Of corners in hundred-thousandths of a degree: south, north, west, east.
    pub(super) fn between([south, north, west, east]: [i64; 4]) -> Self {
        let degrees = |steps: i64| Decimal::new(steps, 5);
        Self {
            south: degrees(south),
            north: degrees(north),
            west: degrees(west),
            east: degrees(east),
        }
    }
}

/// Where degrees are on the picture.
pub(super) struct Plane {
    frame: Frame,
    /// Latitude and longitude of the middle.
    middle: (Decimal, Decimal),
    /// Kilometres of a degree of longitude there.
    parallel: Decimal,
    /// Pixels of a kilometre.
    scale: Decimal,
    /// The same for borders: the middle in steps, and millionths of a tenth of a pixel to a step.
    steps: [(i64, i64); 2],
}

impl Plane {
    pub(super) fn new(extent: Extent, frame: Frame) -> Self {
        let Extent {
            south,
            north,
            west,
            east,
        } = extent;
        let middle = ((south + north) / Decimal::TWO, (west + east) / Decimal::TWO);
        let parallel = degree() * cosine(middle.0);
        let room = |pixels: i64, kilometres: Decimal| {
            Decimal::from(pixels - 2 * frame.margin) / kilometres.max(smallest())
        };
        let scale = room(frame.width, (east - west) * parallel)
            .min(room(frame.height, (north - south) * degree()));
        let whole = |value: Decimal| i64::try_from(value.round()).unwrap_or_default();
        let step = |middle: Decimal, kilometres: Decimal| {
            let tenths = scale * kilometres * Decimal::from(TENTHS) / Decimal::from(STEPS);
            (
                whole(middle * Decimal::from(STEPS)),
                whole(tenths * Decimal::from(MILLION)),
            )
        };
        Self {
            frame,
            middle,
            parallel,
            scale,
            steps: [step(middle.1, parallel), step(middle.0, degree())],
        }
    }

    /// Pixels of a length on the ground.
    pub(super) fn pixels(&self, kilometres: Decimal) -> i64 {
        i64::try_from((kilometres * self.scale).round()).unwrap_or_default()
    }

    /// The pixel of a place in degrees.
    pub(super) fn place(&self, latitude: Decimal, longitude: Decimal) -> (i64, i64) {
        let east = (longitude - self.middle.1) * self.parallel;
        let north = (latitude - self.middle.0) * degree();
        (
            self.frame.width / 2 + self.pixels(east),
            self.frame.height / 2 - self.pixels(north),
        )
    }

    /// The tenth of a pixel of a place in hundred-thousandths of a degree.
    pub(super) fn fine(&self, longitude: i64, latitude: i64) -> (i64, i64) {
        let [(across, wide), (up, tall)] = self.steps;
        (
            self.frame.width * TENTHS / 2 + (longitude - across) * wide / MILLION,
            self.frame.height * TENTHS / 2 - (latitude - up) * tall / MILLION,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cosines_are_close() {
        let close = |degrees: i64, told: &str| {
            let off = cosine(degrees.into()) - told.parse::<Decimal>().unwrap();
            assert!(off.abs() < Decimal::new(5, 5), "{degrees}: {off}");
        };
        close(0, "1");
        close(45, "0.70711");
        close(60, "0.5");
        close(90, "0");
    }

    #[test]
    fn borders_and_sites_stand_on_the_same_plane() {
        let frame = Frame {
            width: 720,
            height: 460,
            margin: 56,
        };
        let extent = Extent::between([4_300_000, 4_400_000, 400_000, 700_000]);
        let plane = Plane::new(extent, frame);
        for (longitude, latitude) in [(400_000, 4_300_000), (612_345, 4_387_654)] {
            let (x, y) = plane.place(Decimal::new(latitude, 5), Decimal::new(longitude, 5));
            let (fine_x, fine_y) = plane.fine(longitude, latitude);
            assert!((fine_x - x * TENTHS).abs() <= 10, "{fine_x} {x}");
            assert!((fine_y - y * TENTHS).abs() <= 10, "{fine_y} {y}");
        }
    }
}
