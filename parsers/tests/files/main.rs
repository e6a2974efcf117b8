//! Whole files, from bytes to records and findings.

mod bundles;
mod corpus;
mod delimited;
mod hostile;
mod layouts;
mod lists;
mod split;
mod support;
