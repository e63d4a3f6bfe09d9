//! Methods that all deserializers of this module share.

/// Deserializes a newtype from the value inside.
macro_rules! forward_newtype {
    () => {
        fn deserialize_newtype_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            visitor: V,
        ) -> Result<V::Value, CellError> {
            visitor.visit_newtype_struct(self)
        }
    };
}

/// Deserializes tuples like lists.
macro_rules! forward_tuples {
    () => {
        fn deserialize_tuple<V: Visitor<'de>>(
            self,
            _: usize,
            visitor: V,
        ) -> Result<V::Value, CellError> {
            self.deserialize_seq(visitor)
        }

        fn deserialize_tuple_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            _: usize,
            visitor: V,
        ) -> Result<V::Value, CellError> {
            self.deserialize_seq(visitor)
        }
    };
}

pub(super) use {forward_newtype, forward_tuples};
