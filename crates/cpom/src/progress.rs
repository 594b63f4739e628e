//! Progress bars, on standard error and only when a person watches it.

use std::{io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What the bar counts.
#[derive(Debug, Clone, Copy)]
pub enum Count {
    Bytes,
    Things,
}

/// A bar towards `total`, hidden when standard error is not a terminal.
pub fn bar(label: &str, total: u64, count: Count) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let template = match count {
        Count::Bytes => "{prefix:24} {bar:30} {bytes}/{total_bytes}  {eta}",
        Count::Things => "{prefix:24} {bar:30} {pos}/{len}  {msg}",
    };
    let style = ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("━╸─");
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    bar.set_style(style);
    bar.set_prefix(label.to_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
