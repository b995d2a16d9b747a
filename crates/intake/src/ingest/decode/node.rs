//! An outline as a serde deserializer. It raises no error: our visitors accept any input.
//!
//! Plain scalars are passed on as written, so that `01` stays a text; in JSON, where `1` and `"1"` differ, they are passed
//! on with their types, as serde_json does.

use serde::de::value::Error;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use choucha_core::record::outline::{Content, Node};

/// Reads one node.
#[derive(Clone, Copy)]
pub(super) struct Reader<'n, 's> {
    node: &'n Node<'s>,
    typed: bool,
}

impl<'n, 's> Reader<'n, 's> {
    pub(super) fn new(node: &'n Node<'s>, typed: bool) -> Self {
        Reader { node, typed }
    }

    fn of(self, node: &'n Node<'s>) -> Self {
        Reader { node, ..self }
    }
}

impl<'de> Deserializer<'de> for Reader<'_, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Content::Scalar { text, quoted } = &self.node.content else {
            return self.deserialize_str(visitor);
        };
        if !self.typed || *quoted {
            return self.deserialize_str(visitor);
        }
        match text.as_ref() {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            text => {
                if let Ok(number) = text.parse() {
                    visitor.visit_u64(number)
                } else if let Ok(number) = text.parse() {
                    visitor.visit_i64(number)
                } else if let Ok(number) = text.parse() {
                    visitor.visit_f64(number)
                } else {
                    self.deserialize_str(visitor)
                }
            }
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.content {
            _ if self.node.is_null() => visitor.visit_unit(),
            Content::Scalar { text, .. } => visitor.visit_str(text),
            Content::List(items) => visitor.visit_seq(Items {
                reader: self,
                rest: items.iter(),
            }),
            Content::Map(entries) => visitor.visit_map(Entries {
                reader: self,
                rest: entries.iter(),
                value: None,
            }),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

struct Items<'n, 's> {
    reader: Reader<'n, 's>,
    rest: std::slice::Iter<'n, Node<'s>>,
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        self.rest
            .next()
            .map(|node| seed.deserialize(self.reader.of(node)))
            .transpose()
    }
}

struct Entries<'n, 's> {
    reader: Reader<'n, 's>,
    rest: std::slice::Iter<'n, (Node<'s>, Node<'s>)>,
    value: Option<&'n Node<'s>>,
}

impl<'de> MapAccess<'de> for Entries<'_, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        seed.deserialize(self.reader.of(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        match self.value.take() {
            Some(value) => seed.deserialize(self.reader.of(value)),
            None => Err(serde::de::Error::custom(
                "a value is read once, after its key",
            )),
        }
    }
}
