//! A line of the file. Its layout is that of `events.ndjson` of `cpom audit export`: the exact bytes of the event stand
//! between `"event":` and the brace that ends the line.

use std::fmt::Write as _;

use crate::log::Leaf;

pub(super) fn write(leaf: &Leaf, into: &mut Vec<u8>) {
    let event = &leaf.event;
    let head = format!(
        "{{\"leafIndex\":{},\"leaf\":\"{}\",\"previousHash\":\"{}\",\"hash\":\"{}\",\"event\":",
        leaf.leaf_index,
        hexadecimal(&leaf.leaf_hash),
        hexadecimal(&event.prev_hash),
        hexadecimal(&event.hash),
    );
    into.extend_from_slice(head.as_bytes());
    into.extend_from_slice(&event.canonical);
    into.extend_from_slice(b"}\n");
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
