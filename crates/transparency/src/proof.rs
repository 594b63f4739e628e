//! Proofs: which hashes they hold (RFC 6962 sections 2.1.1 and 2.1.2), and how an outsider checks them
//! (RFC 9162 sections 2.1.3.2 and 2.1.4.2).

use std::ops::Range;

use crate::tree::{Hash, Node, cover, left_part, node_hash};

/// The ranges of leaves whose hashes prove that leaf `index` is in the tree of `size` leaves, from the leaf upwards;
/// none when the leaf is not in the tree.
pub fn inclusion(index: u64, size: u64) -> Option<Vec<Range<u64>>> {
    if index >= size {
        return None;
    }
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while end - start > 1 {
        let middle = start + left_part(end - start);
        if index < middle {
            path.push(middle..end);
            end = middle;
        } else {
            path.push(start..middle);
            start = middle;
        }
    }
    path.reverse();
    Some(path)
}

/// The ranges of leaves whose hashes prove that the tree of `first` leaves is the beginning of the one of `second`;
/// none when that cannot be.
pub fn consistency(first: u64, second: u64) -> Option<Vec<Range<u64>>> {
    if first == 0 || first > second {
        return None;
    }
    let (mut start, mut end) = (0, second);
    let mut path = Vec::new();
    // Whether what is left begins at the first leaf: its hash is then the first root, which the verifier has.
    let mut is_first_root = true;
    while end != first {
        let middle = start + left_part(end - start);
        if first <= middle {
            path.push(middle..end);
            end = middle;
        } else {
            path.push(start..middle);
            start = middle;
            is_first_root = false;
        }
    }
    if !is_first_root {
        path.push(start..end);
    }
    path.reverse();
    Some(path)
}

/// The fewest complete subtrees that, with the leaves at `places` (in their order), make up the tree of `size`
/// leaves. With their hashes the places alone are enough to compute the root: one proof for many leaves.
pub fn others(places: &[u64], size: u64) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut next = 0;
    for place in places.iter().copied().chain([size]) {
        nodes.extend(cover(next..place));
        next = place + 1;
    }
    nodes
}

/// The root that an inclusion proof leads to; none when the proof has not the right number of hashes.
pub fn root_of_inclusion(leaf: Hash, index: u64, size: u64, proof: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    let (mut place, mut last) = (index, size - 1);
    let mut root = leaf;
    for hash in proof {
        if last == 0 {
            return None;
        }
        if place % 2 == 1 || place == last {
            root = node_hash(hash, &root);
            while place.is_multiple_of(2) && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            root = node_hash(&root, hash);
        }
        place >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(root)
}

/// Whether the tree of `first` leaves with that root is the beginning of the tree of `second` leaves with that root.
pub fn is_consistent(first: (u64, Hash), second: (u64, Hash), proof: &[Hash]) -> bool {
    let ((first_size, first_root), (second_size, second_root)) = (first, second);
    if first_size == second_size {
        return first_root == second_root && proof.is_empty();
    }
    if first_size == 0 || first_size > second_size {
        return false;
    }
    // Of a complete first tree the proof leaves the root out.
    let mut hashes = first_size
        .is_power_of_two()
        .then_some(first_root)
        .into_iter()
        .chain(proof.iter().copied());
    let (mut place, mut last) = (first_size - 1, second_size - 1);
    while place % 2 == 1 {
        place >>= 1;
        last >>= 1;
    }
    let Some(start) = hashes.next() else {
        return false;
    };
    let (mut old, mut new) = (start, start);
    for hash in hashes {
        if last == 0 {
            return false;
        }
        if place % 2 == 1 || place == last {
            old = node_hash(&hash, &old);
            new = node_hash(&hash, &new);
            while place.is_multiple_of(2) && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            new = node_hash(&new, &hash);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && old == first_root && new == second_root
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;
    use crate::{
        frontier::Frontier,
        tree::{fold, leaf_hash},
    };

    /// A tree kept as every subtree it ever completed.
    struct Tree {
        known: HashMap<Node, Hash>,
    }

    impl Tree {
        fn of(size: u64) -> Self {
            let mut known = HashMap::new();
            let mut frontier = Frontier::default();
            for leaf in 0..size {
                frontier.push(leaf_hash(&leaf.to_be_bytes()), |node, hash| {
                    known.insert(node, hash);
                });
            }
            Self { known }
        }

        fn over(&self, leaves: Range<u64>) -> Hash {
            fold(leaves, |node| self.known.get(&node).copied()).unwrap()
        }

        fn over_each(&self, ranges: Vec<Range<u64>>) -> Vec<Hash> {
            ranges.into_iter().map(|range| self.over(range)).collect()
        }
    }

    #[test]
    fn every_leaf_of_every_small_tree_is_proved_and_nothing_else_is() {
        let tree = Tree::of(70);
        for size in 1..=70 {
            let root = tree.over(0..size);
            for index in 0..size {
                let leaf = leaf_hash(&index.to_be_bytes());
                let proof = tree.over_each(inclusion(index, size).unwrap());
                assert_eq!(root_of_inclusion(leaf, index, size, &proof), Some(root));
                let elsewhere = (index + 1) % size;
                if elsewhere != index {
                    assert_ne!(root_of_inclusion(leaf, elsewhere, size, &proof), Some(root));
                }
                let other = leaf_hash(b"another leaf");
                assert_ne!(root_of_inclusion(other, index, size, &proof), Some(root));
            }
            assert_eq!(inclusion(size, size), None);
        }
    }

    #[test]
    fn every_smaller_tree_is_proved_to_be_the_beginning_and_no_other() {
        let tree = Tree::of(70);
        for second in 1..=70 {
            for first in 1..=second {
                let (old, new) = (tree.over(0..first), tree.over(0..second));
                let proof = tree.over_each(consistency(first, second).unwrap());
                assert!(
                    is_consistent((first, old), (second, new), &proof),
                    "{first} {second}"
                );
                assert!(!is_consistent((first, [7; 32]), (second, new), &proof));
                assert!(!is_consistent((first, old), (second, [7; 32]), &proof));
            }
            assert_eq!(consistency(second + 1, second), None);
        }
        assert_eq!(consistency(0, 5), None);
        assert!(!is_consistent((0, [0; 32]), (5, tree.over(0..5)), &[]));
    }

    proptest! {
        #[test]
        fn some_leaves_and_the_hashes_of_the_rest_give_the_root(
            size in 1_u64..200,
            places in proptest::collection::btree_set(0_u64..200, 0..40),
        ) {
            let tree = Tree::of(size);
            let places: Vec<u64> = places.into_iter().filter(|place| *place < size).collect();
            let leaves = places.iter().map(|place| Node::leaf(*place));
            let mut parts: Vec<Node> = others(&places, size).into_iter().chain(leaves).collect();
            parts.sort_by_key(|node| node.leaves().start);
            let mut frontier = Frontier::default();
            for node in parts {
                frontier.push_subtree(node, tree.known[&node]).unwrap();
            }
            prop_assert_eq!(frontier.size(), size);
            prop_assert_eq!(frontier.root(), tree.over(0..size));
        }

        #[test]
        fn a_proof_with_a_changed_a_missing_or_a_further_hash_proves_nothing(
            size in 2_u64..200, index in 0_u64..200, at in 0_usize..8,
        ) {
            let index = index % size;
            let tree = Tree::of(size);
            let (leaf, root) = (leaf_hash(&index.to_be_bytes()), tree.over(0..size));
            let proof = tree.over_each(inclusion(index, size).unwrap());
            let at = at % proof.len();
            let mut changed = proof.clone();
            changed[at][0] ^= 1;
            let mut shorter = proof.clone();
            shorter.remove(at);
            let mut longer = proof;
            longer.push([0; 32]);
            for wrong in [changed, shorter, longer] {
                prop_assert_ne!(root_of_inclusion(leaf, index, size, &wrong), Some(root));
            }
        }
    }
}
