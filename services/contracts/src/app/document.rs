//! The document that is signed: canonical JSON of the text and its targets.

use std::collections::BTreeMap;

use proto::{json, targets::v1::TargetSet};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    domain::{Contract, signature::DocumentHash},
    grpc::convert,
};

/// The bytes of the document. They depend on its contents alone: keys are sorted, nothing is indented, and
/// what changes without changing the commitment (etags, instants) is left out.
pub(crate) fn freeze(
    contract: &Contract,
    targets: &TargetSet,
) -> Result<(Vec<u8>, DocumentHash), rpc::Error> {
    let objectives = targets
        .objectives
        .iter()
        .map(|objective| json::to_value(objective, false))
        .collect::<Result<Vec<_>, _>>()
        .map_err(rpc::Error::internal)?;
    let text =
        json::to_value(&convert::text(&contract.text), false).map_err(rpc::Error::internal)?;
    let document = json!({
        "contract": contract.id.to_string(),
        "number": contract.number,
        "region": contract.region.code(),
        "legalRegime": contract.legal_regime,
        "textVersion": contract.text_version,
        "text": text,
        "targets": {
            "name": targets.name,
            "note": targets.note,
            "objectives": objectives,
        },
    });
    let content = serde_json::to_vec(&sorted(document)).map_err(rpc::Error::internal)?;
    let hash = DocumentHash(Sha256::digest(&content).into());
    Ok((content, hash))
}

/// The same value with the keys of every object in order, whatever map the JSON library was built with.
pub(super) fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<_, _> = fields.into_iter().map(|(k, v)| (k, sorted(v))).collect();
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let value: Value =
            serde_json::from_str(r#"{"b": [{"d": 1, "c": 2}], "a": {"f": 1, "e": 2}}"#).unwrap();
        let text = serde_json::to_string(&sorted(value)).unwrap();
        assert_eq!(text, r#"{"a":{"e":2,"f":1},"b":[{"c":2,"d":1}]}"#);
    }
}
