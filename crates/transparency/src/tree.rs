//! The shape of the tree, and how its hashes are made (RFC 6962 section 2.1).

use std::ops::Range;

use sha2::{Digest as _, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The root of a tree without leaves: the hash of nothing.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The hash of a leaf: SHA-256(0x00 ‖ data).
pub fn leaf_hash(data: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(data)
        .finalize()
        .into()
}

/// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// A complete subtree: the 2^`level` leaves from `index` × 2^`level`. Once complete, its hash never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    pub level: u32,
    pub index: u64,
}

impl Node {
    /// The subtree that is one leaf.
    pub fn leaf(index: u64) -> Self {
        Self { level: 0, index }
    }

    /// The leaves under it.
    pub fn leaves(self) -> Range<u64> {
        self.index << self.level..(self.index + 1) << self.level
    }
}

/// Leaves of the left part of a tree of `leaves` leaves (two or more): the largest power of two below that number.
pub(crate) fn left_part(leaves: u64) -> u64 {
    1 << (leaves - 1).ilog2()
}

/// The fewest complete subtrees that stand side by side over `leaves`.
pub fn cover(leaves: Range<u64>) -> Vec<Node> {
    let mut nodes = Vec::new();
    let (mut start, end) = (leaves.start, leaves.end);
    while start < end {
        let aligned = if start == 0 {
            63
        } else {
            start.trailing_zeros()
        };
        let level = aligned.min((end - start).ilog2());
        nodes.push(Node {
            level,
            index: start >> level,
        });
        start += 1 << level;
    }
    nodes
}

/// The hash over subtrees that stand side by side as [`cover`] lists them; none when one is unknown.
///
/// Over the leaves from 0, that is the root of the tree; over a range that a proof names, the hash in the proof.
pub fn fold(leaves: Range<u64>, hash_of: impl Fn(Node) -> Option<Hash>) -> Option<Hash> {
    let mut nodes = cover(leaves).into_iter().rev();
    let Some(last) = nodes.next() else {
        return Some(empty_root());
    };
    nodes.try_fold(hash_of(last)?, |right, node| {
        Some(node_hash(&hash_of(node)?, &right))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leaves_are_covered_by_as_few_complete_subtrees_as_possible() {
        let node = |level, index| Node { level, index };
        assert_eq!(cover(0..0), []);
        assert_eq!(cover(0..1), [node(0, 0)]);
        assert_eq!(cover(0..7), [node(2, 0), node(1, 2), node(0, 6)]);
        assert_eq!(cover(4..7), [node(1, 2), node(0, 6)]);
        assert_eq!(cover(3..8), [node(0, 3), node(2, 1)]);
        assert_eq!(node(2, 1).leaves(), 4..8);
    }

    #[test]
    fn the_roots_are_those_of_certificate_transparency() {
        // The eight leaves and roots of the reference implementation of RFC 6962.
        let leaves = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let hashes: Vec<Hash> = leaves
            .iter()
            .map(|leaf| leaf_hash(&hex::decode(leaf).unwrap()))
            .collect();
        for (size, root) in (1..).zip(roots) {
            assert_eq!(
                hex::encode(fold(0..size, |n| plain(&hashes, n)).unwrap()),
                root
            );
        }
        assert_eq!(
            hex::encode(fold(0..0, |_| None).unwrap()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    /// The hash of a subtree as the RFC defines it.
    fn plain(leaves: &[Hash], node: Node) -> Option<Hash> {
        if node.level == 0 {
            return leaves.get(usize::try_from(node.index).ok()?).copied();
        }
        let child = |side| Node {
            level: node.level - 1,
            index: node.index * 2 + side,
        };
        Some(node_hash(
            &plain(leaves, child(0))?,
            &plain(leaves, child(1))?,
        ))
    }
}
