//! The proto3 JSON mapping, by reflection over the descriptors.

use std::{collections::HashMap, sync::LazyLock};

use prost::{Message, Name};
use prost_reflect::{DescriptorPool, DeserializeOptions, DynamicMessage, SerializeOptions};
use serde_json::Value;

/// All descriptors, decoded once.
#[expect(
    clippy::expect_used,
    reason = "the descriptors are embedded by the build; a test decodes them"
)]
pub static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| {
    DescriptorPool::decode(crate::FILE_DESCRIPTOR_SET).expect("embedded descriptors decode")
});

/// The JSON is not the mapping of the message.
#[derive(Debug, thiserror::Error)]
#[error("not a {message}: {cause}")]
pub struct JsonError {
    message: String,
    cause: String,
}

fn error(message: &str, cause: &impl ToString) -> JsonError {
    JsonError {
        message: message.to_owned(),
        cause: cause.to_string(),
    }
}

/// The JSON of a message: lower-camel names, 64-bit integers as text, enums by name.
/// With `every_field`, unset fields are written too (for people and scripts); without, they are left out
/// (for events).
pub fn to_value<M: Message + Name>(message: &M, every_field: bool) -> Result<Value, JsonError> {
    let name = M::full_name();
    let descriptor = POOL
        .get_message_by_name(&name)
        .ok_or_else(|| error(&name, &"unknown message"))?;
    let dynamic = DynamicMessage::decode(descriptor, message.encode_to_vec().as_slice())
        .map_err(|e| error(&name, &e))?;
    let options = SerializeOptions::new().skip_default_fields(!every_field);
    dynamic
        .serialize_with_options(serde_json::value::Serializer, &options)
        .map_err(|e| error(&name, &e))
}

/// Puts other texts where some stand whole, at any depth: the identifiers of persons for the commitments to them.
pub fn replace_texts(json: &mut Value, texts: &HashMap<String, String>) {
    match json {
        Value::String(text) => {
            if let Some(other) = texts.get(text) {
                text.clone_from(other);
            }
        }
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| replace_texts(value, texts)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|value| replace_texts(value, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The message of a JSON. Unknown fields are ignored: a newer producer may add some.
pub fn from_value<M: Message + Name + Default>(json: &Value) -> Result<M, JsonError> {
    let name = M::full_name();
    let descriptor = POOL
        .get_message_by_name(&name)
        .ok_or_else(|| error(&name, &"unknown message"))?;
    let options = DeserializeOptions::new().deny_unknown_fields(false);
    let dynamic = DynamicMessage::deserialize_with_options(descriptor, json, &options)
        .map_err(|e| error(&name, &e))?;
    M::decode(dynamic.encode_to_vec().as_slice()).map_err(|e| error(&name, &e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets::v1::IndicatorsReceived;

    #[test]
    fn a_message_survives_its_json_and_unknown_fields_are_ignored() {
        let message = IndicatorsReceived {
            region: "93".into(),
            sequence: 7,
            ..Default::default()
        };
        let mut json = to_value(&message, false).unwrap();
        assert_eq!(json, serde_json::json!({"region": "93", "sequence": "7"}));
        json["addedLater"] = true.into();
        assert_eq!(from_value::<IndicatorsReceived>(&json).unwrap(), message);
    }
}
