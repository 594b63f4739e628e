//! A resource in a choice, with the version of it that was on screen.

use crate::form::Form;

/// What stands for it.
pub(super) fn key(name: &str, etag: &str) -> String {
    format!("{name} {etag}").trim_end().to_owned()
}

/// The name and the version that were chosen in a field; what was never recorded has no version.
pub(super) fn chosen(form: &Form, field: &str) -> (String, String) {
    let chosen = form.text(field);
    let (name, etag) = chosen.split_once(' ').unwrap_or((chosen, ""));
    (name.to_owned(), etag.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_choice_and_none_before_the_first() {
        let read = |key: &str| {
            let mut form = Form::default();
            form.push("name", key);
            chosen(&form, "name")
        };
        let name = "withdrawals/1";
        for etag in ["\"3\"", ""] {
            assert_eq!(read(&key(name, etag)), (name.to_owned(), etag.to_owned()));
        }
    }
}
