//! Read models on both databases.
