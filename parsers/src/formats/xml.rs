//! dropcase's own XML: one element a record, one element a field (`schema/handover-1.xsd`).

pub(crate) mod decode;
pub(crate) mod events;
