//! What people and file names call a delivery: 12 characters of Crockford's base 32 in lower case.

use uuid::Uuid;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const CHARACTERS: u32 = 12;

/// The code of the upload `id` (a UUIDv7): its 48 bits of milliseconds, so that codes sort by time, and its next 12
/// random bits. `attempt` counts up while the code is taken.
pub(crate) fn delivery_code(id: Uuid, attempt: u64) -> String {
    let (high, _) = id.as_u64_pair();
    let (milliseconds, random) = (high >> 16, high & 0xfff);
    let bits = ((milliseconds << 12) | random).wrapping_add(attempt);
    (0..CHARACTERS)
        .rev()
        .map(|place| char::from(ALPHABET[usize::try_from((bits >> (5 * place)) & 31).unwrap_or_default()]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_sort_by_time_and_differ_by_chance() {
        let early = Uuid::from_u128(0x0192_0000_0000_7abc_8000_0000_0000_0000);
        let late = Uuid::from_u128(0x0192_0000_0001_7000_8000_0000_0000_0000);
        assert_eq!(delivery_code(early, 0), "0690000002nw");
        assert_eq!(delivery_code(early, 1), "0690000002nx");
        assert!(delivery_code(early, 0) < delivery_code(late, 0));
    }
}
