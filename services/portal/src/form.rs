//! Forms as browsers send them.

use crate::acts::file_name;

/// Longest form: the longest text of a service (20,000 characters) several times over.
pub(crate) const MAX_FORM: usize = 256 * 1024;
/// Field that carries the token of the session.
pub(crate) const FORM_TOKEN: &str = "jeton";
/// Field that carries the names of files that were not kept with what was typed, and are to be chosen again.
pub(crate) const TO_CHOOSE: &str = "a_choisir";

/// The fields of a form, or of an address, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Form {
    fields: Vec<(String, String)>,
    files: Vec<SentFile>,
}

/// A file that came with a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SentFile {
    /// What stands for it in the form.
    pub(crate) line: String,
    /// Empty where nobody was signed in.
    pub(crate) bytes: Vec<u8>,
}

impl Form {
    /// Reads `application/x-www-form-urlencoded`. Lines end as in a text, not as on the wire.
    pub(crate) fn parse(text: &str) -> Self {
        let fields = form_urlencoded::parse(text.as_bytes())
            .map(|(name, value)| (name.into_owned(), value.replace("\r\n", "\n")))
            .collect();
        Self {
            fields,
            files: Vec::new(),
        }
    }

    /// The first value of a field, without the spaces around it; empty when there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        let value = self.fields.iter().find(|(field, _)| field == name);
        value.map_or("", |(_, value)| value.trim())
    }

    /// Whether it has a field, filled or not.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field == name)
    }

    /// Every value of a field, in their order.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let own = self.fields.iter().filter(move |(field, _)| field == name);
        own.map(|(_, value)| value.trim())
    }

    /// Adds a field.
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        self.fields
            .push((name.to_owned(), value.replace("\r\n", "\n")));
    }

    /// Adds a file: what stands for it under a field, and its bytes.
    pub(crate) fn push_file(&mut self, name: &str, file: SentFile) {
        self.push(name, &file.line);
        self.files.push(file);
    }

    /// The files that came with it.
    pub(crate) fn files(&self) -> &[SentFile] {
        &self.files
    }

    /// What is kept of it until its author signs in: of the files that came with it, the names alone.
    pub(crate) fn without_files(&self) -> Self {
        let mut kept = Self::default();
        for (name, value) in self.fields() {
            match self.files.iter().find(|file| file.line == value) {
                Some(file) => kept.push(TO_CHOOSE, file_name(&file.line)),
                None => kept.push(name, value),
            }
        }
        kept
    }

    /// One value a line.
    pub(crate) fn lines(&self, name: &str) -> Vec<String> {
        self.text(name)
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(ToOwned::to_owned)
            .collect()
    }

    /// A whole number; none when it is empty or not one.
    pub(crate) fn whole(&self, name: &str) -> Option<i32> {
        self.text(name).parse().ok()
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether the address asks for less than everything.
    pub(crate) fn is_narrowing(&self) -> bool {
        !self
            .encoded_without(&["fait", "format", "suite"])
            .is_empty()
    }

    /// Everything, URL-encoded, without these fields. What is empty stays: rows of a form are told apart by their
    /// order.
    pub(crate) fn whole_without(&self, left_out: &[&str]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.fields() {
            if !left_out.contains(&name) {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }

    /// What is filled, URL-encoded, without these fields.
    pub(crate) fn encoded_without(&self, left_out: &[&str]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.fields() {
            if !left_out.contains(&name) && !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }
}

/// An address with a query: `/contrats` and `etat=draft` make `/contrats?etat=draft`.
pub(crate) fn address(path: &str, query: &str) -> String {
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_they_were_typed() {
        let form = Form::parse("motif=L%27%C3%A9cart%0D%0As%E2%80%99explique&q=+1+234%2C5+&x=");
        assert_eq!(form.text("motif"), "L'écart\ns’explique");
        assert_eq!(form.text("q"), "1 234,5");
        assert_eq!(form.text("absent"), "");
        assert_eq!(form.lines("motif").len(), 2);
        assert_eq!(form.encoded_without(&["motif"]), "q=+1+234%2C5+");
        assert_eq!(form.whole_without(&["motif", "q"]), "x=");
    }

    #[test]
    fn of_a_file_that_came_with_a_form_its_name_is_kept() {
        let mut form =
            Form::parse("text=Nos+observations&pieces=1%7Cab%7Ctext%2Fplain%7Cd%C3%A9j%C3%A0.txt");
        let line = "3|ff|text/plain|bilan | 2026.txt".to_owned();
        let bytes = Vec::new();
        form.push_file("pieces", SentFile { line, bytes });
        let kept = form.without_files();
        assert_eq!(kept.text(TO_CHOOSE), "bilan | 2026.txt");
        // What a service keeps already stays with the form.
        assert_eq!(kept.all("pieces").count(), 1);
        assert_eq!(kept.text("text"), "Nos observations");
        assert!(kept.files().is_empty());
    }
}
