//! Which arguments a message may use besides `$value`, `$column` and `$field`.

/// Every named argument a finding may bring; one that is missing is shown to the messages as `none`.
///
/// - `limit`, `minimum`: what is allowed at most or least
/// - `expected`, `found`: what was looked for and what was there
/// - `other`: another column
/// - `row`: an earlier row of the same file
/// - `case`: the number of the case that a claim belongs to
/// - `country`, `currency`, `date`, `kind`: what their names say
pub(super) const ARGUMENTS: &[&str] = &[
    "limit", "minimum", "expected", "found", "other", "row", "case", "country", "currency", "date", "kind",
];
