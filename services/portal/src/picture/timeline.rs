//! The life of a contract on one line: its term, what happened, and today.

use time::Date;

use super::{Svg, short};
use crate::text::dates;

/// Something that happened, or will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) on: Date,
    pub(crate) title: String,
}

const WIDTH: i64 = 1_100;
const MARGIN: i64 = 16;
const AXIS: i64 = 66;
/// About the width of a letter, and how many of a title are shown at most.
const LETTER: i64 = 7;
const LETTERS: usize = 34;

/// The term from `first` to `last`, with its moments and today.
pub(crate) fn timeline(
    id: &str,
    first: Date,
    last: Date,
    moments: &[Moment],
    today: Date,
) -> String {
    let shown: Vec<&Moment> = moments.iter().collect();
    let begin = shown
        .iter()
        .map(|moment| moment.on)
        .chain([first])
        .min()
        .unwrap_or(first);
    let end = shown
        .iter()
        .map(|moment| moment.on)
        .chain([last])
        .max()
        .unwrap_or(last);
    let days = (end - begin).whole_days().max(1);
    let at = |day: Date| {
        let passed = (day - begin).whole_days().clamp(0, days);
        MARGIN + passed * (WIDTH - 2 * MARGIN) / days
    };
    let mut svg = Svg::new(WIDTH, 112);
    svg.class = "pic pic-long";
    svg.rect("pic-track", MARGIN, AXIS - 4, WIDTH - 2 * MARGIN, 8);
    svg.rect(
        "pic-bar",
        at(first),
        AXIS - 7,
        (at(last) - at(first)).max(2),
        14,
    );
    for year in begin.year()..=end.year() {
        if let Ok(day) = Date::from_ordinal_date(year, 1)
            && day >= begin
        {
            let x = at(day);
            svg.line("pic-axis", (x, AXIS + 12), (x, AXIS + 22));
            svg.text(
                "pic-soft",
                "middle",
                x.clamp(24, WIDTH - 24),
                AXIS + 40,
                &year.to_string(),
            );
        }
    }
    let now = (begin..=end).contains(&today).then(|| at(today));
    // A title stands over its moment where there is room; all are told in words.
    let mut taken = 0;
    for moment in &shown {
        let x = at(moment.on);
        svg.circle("pic-dot", x, AXIS, 7);
        let title = short(&moment.title, LETTERS);
        let half = i64::try_from(title.chars().count()).unwrap_or(0) * LETTER / 2;
        let middle = x.clamp(half, WIDTH - half);
        let (left, right) = (middle - half, middle + half);
        let is_crossed = now.is_some_and(|now| (left - 8..=right + 8).contains(&now));
        if left >= taken && !is_crossed {
            svg.text("pic-soft", "middle", middle, AXIS - 18, &title);
            taken = right + 12;
        }
    }
    if let Some(x) = now {
        svg.line("pic-now", (x, 26), (x, AXIS + 12));
        let (anchor, nudge) = if x > WIDTH / 2 {
            ("end", 6)
        } else {
            ("start", -6)
        };
        svg.text("pic-text pic-strong", anchor, x + nudge, 18, "aujourd’hui");
    }
    let mut sentences = vec![format!("Du {} au {}.", dates::day(first), dates::day(last))];
    sentences.extend(
        shown
            .iter()
            .map(|moment| format!("{} : {}.", dates::day(moment.on), moment.title)),
    );
    svg.finish_telling(id, "Vie du contrat", sentences)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_life_is_told_in_words_too_and_today_is_shown_within_it_only() {
        let signed = Moment {
            on: date!(2022 - 12 - 01),
            title: "signature".to_owned(),
        };
        let draw = |today| {
            timeline(
                "t",
                date!(2023 - 01 - 01),
                date!(2027 - 12 - 31),
                std::slice::from_ref(&signed),
                today,
            )
        };
        let within = draw(date!(2026 - 11 - 22));
        assert!(within.contains("1er décembre 2022 : signature."));
        assert!(within.contains("aujourd’hui"));
        assert!(!draw(date!(2031 - 01 - 01)).contains("aujourd’hui"));
    }

    #[test]
    fn titles_are_drawn_as_far_as_they_do_not_meet() {
        let moment = |on, title: &str| Moment {
            on,
            title: title.to_owned(),
        };
        let moments = [
            moment(date!(2023 - 01 - 01), "publication"),
            moment(date!(2023 - 01 - 05), "avis de l’instance"),
            moment(date!(2025 - 06 - 01), "commission de sélection"),
        ];
        let drawn = timeline(
            "t",
            date!(2023 - 01 - 01),
            date!(2027 - 12 - 31),
            &moments,
            date!(2031 - 01 - 01),
        );
        assert!(drawn.contains(">publication</text>"));
        assert!(!drawn.contains(">avis de l’instance</text>"));
        assert!(drawn.contains(">commission de sélection</text>"));
    }
}
