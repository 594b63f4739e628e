//! Indicators typed into a spreadsheet: the model of a file, reading it back, and sending it.

mod reading;
mod sheet;

pub(crate) use self::{
    reading::{Line, MAX_LINES, Reading, read},
    sheet::{COLUMNS, cells},
};
