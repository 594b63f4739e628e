//! The right edge of a tree that grows.

use crate::tree::{Hash, Node, cover, empty_root, node_hash};

/// The complete subtrees that stand side by side over the leaves so far, largest first: all that is needed to append
/// and to know the root.
#[derive(Debug, Clone, Default)]
pub struct Frontier {
    size: u64,
    edge: Vec<(u32, Hash)>,
}

/// The subtree does not begin where the tree ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the subtree begins at leaf {begins} and the tree ends before leaf {ends}")]
pub struct Misplaced {
    pub begins: u64,
    pub ends: u64,
}

impl Frontier {
    /// The edge of a tree of `size` leaves whose subtrees are known; none when one is not.
    pub fn restore(size: u64, hash_of: impl Fn(Node) -> Option<Hash>) -> Option<Self> {
        let edge = cover(0..size)
            .into_iter()
            .map(|node| Some((node.level, hash_of(node)?)))
            .collect::<Option<_>>()?;
        Some(Self { size, edge })
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf by its hash. `completed` is told each subtree that is complete with it, the leaf first.
    pub fn push(&mut self, leaf: Hash, mut completed: impl FnMut(Node, Hash)) {
        completed(Node::leaf(self.size), leaf);
        self.size += 1;
        self.edge.push((0, leaf));
        self.merge(&mut completed);
    }

    /// Appends a complete subtree by its hash.
    ///
    /// # Errors
    /// When it does not begin where the tree ends.
    pub fn push_subtree(&mut self, node: Node, hash: Hash) -> Result<(), Misplaced> {
        let leaves = node.leaves();
        if leaves.start != self.size {
            return Err(Misplaced {
                begins: leaves.start,
                ends: self.size,
            });
        }
        self.size = leaves.end;
        self.edge.push((node.level, hash));
        self.merge(&mut |_, _| {});
        Ok(())
    }

    fn merge(&mut self, completed: &mut impl FnMut(Node, Hash)) {
        while let [.., (left_level, left), (level, right)] = self.edge.as_slice()
            && left_level == level
        {
            let (level, hash) = (level + 1, node_hash(left, right));
            self.edge.truncate(self.edge.len() - 2);
            self.edge.push((level, hash));
            let index = (self.size >> level) - 1;
            completed(Node { level, index }, hash);
        }
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        let mut edge = self.edge.iter().rev().map(|(_, hash)| *hash);
        let Some(last) = edge.next() else {
            return empty_root();
        };
        edge.fold(last, |right, left| node_hash(&left, &right))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::tree::{fold, leaf_hash};

    #[test]
    fn the_root_is_that_of_the_whole_tree_whatever_the_way_it_was_built() {
        let mut grown = Frontier::default();
        let mut known = HashMap::new();
        for size in 0..300_u64 {
            assert_eq!(
                Some(grown.root()),
                fold(0..size, |n| known.get(&n).copied()),
                "of {size} leaves"
            );
            let restored = Frontier::restore(size, |n| known.get(&n).copied()).unwrap();
            assert_eq!((restored.size(), restored.root()), (size, grown.root()));
            let mut by_subtrees = Frontier::default();
            for node in cover(0..size) {
                by_subtrees.push_subtree(node, known[&node]).unwrap();
            }
            assert_eq!(by_subtrees.root(), grown.root());
            grown.push(leaf_hash(&size.to_be_bytes()), |node, hash| {
                assert_eq!(known.insert(node, hash), None, "{node:?} is told once");
            });
        }
    }

    #[test]
    fn a_subtree_elsewhere_is_refused() {
        let mut frontier = Frontier::default();
        frontier.push([1; 32], |_, _| {});
        let refused = frontier.push_subtree(Node { level: 1, index: 1 }, [2; 32]);
        assert_eq!(refused, Err(Misplaced { begins: 2, ends: 1 }));
    }
}
