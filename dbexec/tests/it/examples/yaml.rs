//! Reader of YAML without tags and aliases.

use saphyr_parser::{Event, Parser};
use serde_json::{Map, Value};

/// Returns the first document of a text. All scalars are strings.
pub(super) fn parse(text: &str) -> Value {
    let mut events = Parser::new_from_str(text).map(|event| event.unwrap().0);
    value(&mut events).expect("the document is not empty")
}

/// Reads the next value, or returns `None` at the end of a list, an object or a document.
fn value<'a>(events: &mut impl Iterator<Item = Event<'a>>) -> Option<Value> {
    loop {
        match events.next()? {
            Event::Scalar(text, ..) => return Some(text.into()),
            Event::SequenceStart(..) => {
                return Some(std::iter::from_fn(|| value(events)).collect());
            }
            Event::MappingStart(..) => return Some(object(events)),
            Event::SequenceEnd | Event::MappingEnd | Event::DocumentEnd => return None,
            Event::Alias(_) => panic!("aliases are not supported"),
            _ => {}
        }
    }
}

fn object<'a>(events: &mut impl Iterator<Item = Event<'a>>) -> Value {
    let mut members = Map::new();
    while let Some(key) = value(events) {
        let key = key.as_str().expect("a key is a string").to_owned();
        let previous = members.insert(key, value(events).expect("a key has a value"));
        assert_eq!(previous, None, "a key occurs twice");
    }
    members.into()
}
