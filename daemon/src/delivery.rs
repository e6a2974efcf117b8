//! One file's way, from its claim to the archive.

use anyhow::Context;
