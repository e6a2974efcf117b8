//! `address_search`: the client orders a trace of the debtor's address.

use super::Kind;

pub(super) static KIND: Kind = Kind {
    name: "address_search",
    apply: |matter| {
        let note = matter.reason();
        matter.note("address_search", note);
        Ok(())
    },
    ..Kind::USUAL
};
