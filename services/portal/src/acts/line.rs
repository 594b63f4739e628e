//! Lines that people type, their parts between bars.

/// The parts of `a | b | c` without the spaces around them: the last holds what bars are left, those that lack are empty.
pub(super) fn parts<const N: usize>(line: &str) -> [&str; N] {
    let mut parts = line.splitn(N, '|').map(str::trim);
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_parts_that_are_asked_for() {
        assert_eq!(parts::<3>("a|b"), ["a", "b", ""]);
        assert_eq!(
            parts::<2>(" F1 | après travaux | phase 2 "),
            ["F1", "après travaux | phase 2"]
        );
        assert_eq!(parts::<2>(""), ["", ""]);
    }
}
