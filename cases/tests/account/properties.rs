//! What must hold for any account.
