//! What the compiler sees: the request, and nothing of the machine.

use std::collections::HashMap;

use typeset::{DATA, Defect, Request};
use typst::{
    Library, LibraryExt as _, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

use crate::{fonts, general};

/// The files of a request, with the built-in fonts and library.
pub(crate) struct Sheet {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    files: HashMap<FileId, Source>,
    main: FileId,
}

impl Sheet {
    pub(crate) fn new(request: &Request) -> Result<Self, Vec<Defect>> {
        let (book, fonts) = fonts::all();
        let mut files = HashMap::new();
        for (path, text) in &request.files {
            let text = if path == DATA {
                fonts::showable(text, &fonts)
            } else {
                text.clone()
            };
            let id = file_id(path)?;
            files.insert(id, Source::new(id, text));
        }
        Ok(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(book),
            fonts,
            files,
            main: file_id(&request.main)?,
        })
    }
}

fn file_id(path: &str) -> Result<FileId, Vec<Defect>> {
    let path = VirtualPath::new(path)
        .map_err(|_| vec![general(&format!("{path:?} is not a path of a file"))])?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Sheet {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let missing = || FileError::NotFound(id.vpath().get_without_slash().into());
        self.files.get(&id).cloned().ok_or_else(missing)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        Ok(Bytes::from_string(self.source(id)?.text().to_owned()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    /// There is no today: the date of a document is part of its data.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
