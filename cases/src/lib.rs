//! The case database of dropcase: model, checks, import, queries, store
