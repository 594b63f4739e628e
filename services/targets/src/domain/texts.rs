//! Values of a closed list, and the texts that stand for them in the database.

/// The text of a value; empty where the list lacks it.
pub(super) fn text_of<T: PartialEq + Copy>(all: &[(T, &'static str)], value: T) -> &'static str {
    let mut all = all.iter();
    all.find(|(known, _)| *known == value)
        .map_or("", |(_, text)| text)
}

/// The value of a stored text.
pub(super) fn value_of<T: Copy>(all: &[(T, &'static str)], text: &str) -> Option<T> {
    let mut all = all.iter();
    all.find(|(_, known)| *known == text)
        .map(|(value, _)| *value)
}
