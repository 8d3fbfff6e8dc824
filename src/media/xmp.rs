//! The request of a video as XMP: a packet of RDF that programs for pictures and videos read and keep.
//! (Adobe, XMP Specification, parts 1 and 3.)

use quick_xml::XmlVersion;
use quick_xml::escape::{partial_escape, unescape};
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, NamespaceResolver, ResolveResult};
use quick_xml::reader::NsReader;

/// The namespace of what only rushes writes.
const NAMESPACE: &str = "urn:rushes:xmp:1";
const REQUEST: &str = "request";

/// A packet that carries the request, with a description for people.
pub(super) fn packet(request: &str, description: &str) -> String {
    let request: String = request.chars().map(in_json).collect();
    let description: String = description.chars().map(in_text).collect();
    let (request, description) = (partial_escape(request), partial_escape(description));
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\" x:xmptk=\"rushes {version}\">\n \
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n  \
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:rushes=\"{NAMESPACE}\">\n   \
         <dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">{description}</rdf:li></rdf:Alt></dc:description>\n   \
         <rushes:request>{request}</rushes:request>\n  \
         </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>"
    )
}

/// The request in a packet; `None` where there is none of ours.
///
/// # Errors
/// Why the packet, which speaks of one, cannot be read.
pub(super) fn request(packet: &[u8]) -> Result<Option<String>, String> {
    let Ok(packet) = std::str::from_utf8(packet) else {
        return Ok(None);
    };
    // Other programs' packets need not be read at all.
    if !packet.contains(NAMESPACE) {
        return Ok(None);
    }
    let wrong = |error: &dyn std::fmt::Display| error.to_string();
    let mut reader = NsReader::from_str(packet);
    loop {
        let event = reader.read_event().map_err(|error| wrong(&error))?;
        match &event {
            Event::Start(start) if is_ours(&reader.resolver().resolve_element(start.name())) => {
                let text = reader.read_text(start.name()).map_err(|error| wrong(&error))?;
                let text = text.xml10_content();
                return Ok(Some(unescape(&text).map_err(|error| wrong(&error))?.into_owned()));
            }
            Event::Start(start) | Event::Empty(start) => {
                // Some programs write simple properties as attributes.
                if let Some(request) = attribute(start, reader.resolver())? {
                    return Ok(Some(request));
                }
            }
            Event::Eof => return Ok(None),
            _ => {}
        }
    }
}

fn attribute(start: &BytesStart<'_>, names: &NamespaceResolver) -> Result<Option<String>, String> {
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if is_ours(&names.resolve_attribute(attribute.key)) {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            return Ok(Some(value.map_err(|error| error.to_string())?.into_owned()));
        }
    }
    Ok(None)
}

fn is_ours((namespace, name): &(ResolveResult<'_>, quick_xml::name::LocalName<'_>)) -> bool {
    let is_bound = matches!(namespace, ResolveResult::Bound(Namespace(bound)) if *bound == NAMESPACE);
    is_bound && name.as_ref() == REQUEST
}

/// Whether XML can hold the character at all.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'))
}

/// JSON has another way to write what XML cannot hold: those two characters stand in strings only.
fn in_json(c: char) -> String {
    if is_allowed(c) {
        c.into()
    } else {
        format!("\\u{:04x}", u32::from(c))
    }
}

fn in_text(c: char) -> char {
    if is_allowed(c) { c } else { '\u{fffd}' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_comes_back_as_it_was() {
        for json in [
            r#"{"prompt":"a <b> & \"c\" ]]> 'd'","seed":7}"#,
            "{\r\n\t\"prompt\": \"夜 🎬 \u{7f}\u{85}\u{2028}\"\r}",
            "{}",
        ] {
            let packet = packet(json, "text <with> & all \u{1} of it");
            assert_eq!(request(packet.as_bytes()), Ok(Some(json.to_owned())));
        }
        let odd = packet("{\"prompt\":\"\u{ffff}\"}", "");
        assert_eq!(
            request(odd.as_bytes()),
            Ok(Some("{\"prompt\":\"\\uffff\"}".to_owned()))
        );
    }

    #[test]
    fn packets_of_other_programs_are_told_apart() {
        let others = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rushes:request xmlns:rushes=\"urn:other\">{}\
                      </rushes:request></x:xmpmeta>";
        assert_eq!(request(others.as_bytes()), Ok(None));
        assert_eq!(request(b"\xff\xfe"), Ok(None));
        let rewritten = "<r:Description xmlns:r=\"rdf\" xmlns:a=\"urn:rushes:xmp:1\" a:request=\"{&quot;seed&quot;:1}\"/>";
        assert_eq!(request(rewritten.as_bytes()), Ok(Some("{\"seed\":1}".to_owned())));
        let mentioned = "<a xmlns:b=\"urn:rushes:xmp:1\" request=\"{}\"><request>{}</request></a>";
        assert_eq!(request(mentioned.as_bytes()), Ok(None));
        let entity =
            "<!DOCTYPE a [<!ENTITY e \"x\">]><b:request xmlns:b=\"urn:rushes:xmp:1\">&e;</b:request>";
        assert!(request(entity.as_bytes()).is_err());
        let torn = "<b:request xmlns:b=\"urn:rushes:xmp:1\">{\"a\":1}";
        assert!(request(torn.as_bytes()).is_err());
    }
}
