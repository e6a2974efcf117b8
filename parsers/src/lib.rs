//! Bytes to staged records and problems: no database, no network, no clock
