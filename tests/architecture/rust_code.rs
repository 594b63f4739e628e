//! Just enough of Rust's grammar to look for names in code, and not in comments or texts.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::root;

/// A source file.
pub(crate) struct Source {
    /// From the root of the repository, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// The code alone: comments and the contents of literals are blanks, lines stay where they are.
    pub(crate) fn code(&self) -> String {
        blank_comments_and_literals(&self.text)
    }

    /// The code without its modules of unit tests.
    pub(crate) fn production_code(&self) -> String {
        without_test_modules(&self.code())
    }

    pub(crate) fn at(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

/// Every `.rs` file under these folders, files of unit tests included.
pub(crate) fn sources(folders: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    for folder in folders {
        collect(&root().join(folder), &mut found);
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder of the repository") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("UTF-8");
            let relative = path.strip_prefix(root()).expect("inside the repository");
            let path = relative.to_str().expect("UTF-8").replace('\\', "/");
            found.push(Source { path, text });
        }
    }
}

/// Files that are compiled for tests alone: `#[cfg(test)] mod name;` somewhere beside them.
pub(crate) fn test_files(sources: &[Source]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for source in sources {
        let code = source.code();
        let lines: Vec<&str> = code.lines().map(str::trim).collect();
        for pair in lines.windows(2) {
            let module = pair[1]
                .trim_start_matches("pub(crate) ")
                .trim_start_matches("pub ");
            let Some(name) = module
                .strip_prefix("mod ")
                .and_then(|m| m.strip_suffix(';'))
            else {
                continue;
            };
            if pair[0] == "#[cfg(test)]" {
                let folder = module_folder(&source.path);
                files.push(folder.join(format!("{name}.rs")));
                files.push(folder.join(name));
            }
        }
    }
    files
}

/// Where the children of a module live.
fn module_folder(path: &str) -> PathBuf {
    let path = Path::new(path);
    let parent = path.parent().unwrap_or(Path::new(""));
    match path.file_stem().and_then(|stem| stem.to_str()) {
        Some("mod" | "lib" | "main") | None => parent.to_owned(),
        Some(stem) => parent.join(stem),
    }
}

fn without_test_modules(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut lines = code.lines().peekable();
    while let Some(line) = lines.next() {
        let opens_module = lines.peek().is_some_and(|next| {
            next.contains("mod ") && next.trim_end().ends_with('{') && !next.starts_with(' ')
        });
        if line.trim() == "#[cfg(test)]" && opens_module {
            // rustfmt closes a module of the first level in the first column.
            kept.push('\n');
            for skipped in lines.by_ref() {
                kept.push('\n');
                if skipped == "}" {
                    break;
                }
            }
        } else {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

fn blank_comments_and_literals(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes[at..].starts_with(b"//") => find(bytes, at, b"\n"),
            b'/' if bytes[at..].starts_with(b"/*") => find(bytes, at + 2, b"*/") + 2,
            b'"' => end_of_text(bytes, at + 1),
            b'r' if !is_in_word(bytes, at) => end_of_raw_text(bytes, at).unwrap_or(at),
            b'\'' => end_of_character(bytes, at).unwrap_or(at),
            _ => at,
        };
        for byte in &mut code[at..end.min(bytes.len())] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end.max(at + 1);
    }
    String::from_utf8(code).expect("whole characters were blanked")
}

fn is_in_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

fn find(bytes: &[u8], from: usize, needle: &[u8]) -> usize {
    (from..bytes.len())
        .find(|at| bytes[*at..].starts_with(needle))
        .unwrap_or(bytes.len())
}

fn end_of_text(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

fn end_of_raw_text(bytes: &[u8], at: usize) -> Option<usize> {
    let hashes = bytes[at + 1..]
        .iter()
        .take_while(|byte| **byte == b'#')
        .count();
    let opens = bytes.get(at + 1 + hashes) == Some(&b'"');
    let mut closing = vec![b'"'];
    closing.resize(hashes + 1, b'#');
    opens.then(|| find(bytes, at + 2 + hashes, &closing) + closing.len())
}

/// A character literal, or none: a lifetime.
fn end_of_character(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at + 1) == Some(&b'\\') {
        return Some(find(bytes, at + 3, b"'") + 1);
    }
    let text = std::str::from_utf8(&bytes[at + 1..]).unwrap_or_default();
    let first = text.chars().next()?;
    (bytes.get(at + 1 + first.len_utf8()) == Some(&b'\'')).then(|| at + 2 + first.len_utf8())
}

#[test]
fn names_in_comments_and_texts_are_not_code() {
    let source = Source {
        path: "x.rs".to_owned(),
        text: "use a::b; // sqlx::query\nlet c = 'é'; let t = \"tokio::\\\"spawn\"; let r = r#\"d\"e\"#;\n\
               fn f<'a>(x: &'a str) {}\n#[cfg(test)]\nmod tests {\n    use proptest::x;\n}\nfn g() {}\n"
            .to_owned(),
    };
    let code = source.code();
    assert!(code.contains("use a::b;") && code.contains("fn f<'a>(x: &'a str)"));
    assert!(!code.contains("sqlx") && !code.contains("tokio") && !code.contains("d\"e"));
    assert_eq!(code.lines().count(), source.text.lines().count());
    let production = source.production_code();
    assert!(!production.contains("proptest") && production.contains("fn g()"));
}
