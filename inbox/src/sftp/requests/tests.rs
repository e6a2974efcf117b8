//! Requests as no honest client sends them.

use proptest::prelude::*;

use super::*;
use crate::area::tests::Bench;

/// A request with fields that are often, not always, what they should be.
fn request() -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![
        Just(b"inbox/x".to_vec()),
        Just(b"inbox/sub".to_vec()),
        Just(b"inbox".to_vec()),
        Just(b"outbox/reports/r".to_vec()),
        Just(b"../../secret".to_vec()),
        Just(b"/".to_vec()),
        Just(b"0".to_vec()),
        Just(b"1".to_vec()),
        prop::collection::vec(any::<u8>(), 0..20),
    ];
    let number = prop_oneof![0u32..70, any::<u32>()];
    let fields = (
        name.clone(),
        number.clone(),
        name,
        prop::collection::vec(any::<u8>(), 0..40),
        number,
    );
    (prop_oneof![3u8..=20, Just(200), any::<u8>()], fields, 0usize..120).prop_map(|(kind, fields, cut)| {
        let (first, number, second, data, other) = fields;
        let reply = match kind {
            kind::READ => Reply::new(kind, 7).string(&first).u64(number.into()).u32(other),
            kind::WRITE => Reply::new(kind, 7).string(&first).u64(number.into()).string(&data),
            kind::RENAME | kind::SYMLINK => Reply::new(kind, 7).string(&first).string(&second),
            kind::EXTENDED => Reply::new(kind, 7)
                .string(b"posix-rename@openssh.com")
                .string(&first)
                .string(&second),
            _ => Reply::new(kind, 7).string(&first).u32(number).u32(0).u32(other),
        };
        let mut bytes = reply.finish()[4..].to_vec();
        if cut < 20 {
            bytes.truncate(cut.max(1));
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_requests_get_one_answer_each_and_never_leave_the_jail(requests in prop::collection::vec(request(), 1..60)) {
        let bench = Bench::new();
        let secret = bench.home.path().join("secret");
        std::fs::write(&secret, "secret").unwrap();
        let mut desk = Desk::new(bench.visit());
        desk.answer(Bytes::from_static(&[kind::INIT, 0, 0, 0, 3]).into()).unwrap();
        for request in requests {
            let length = request.len();
            match desk.answer(Bytes::from(request).into()) {
                Ok(reply) => {
                    let announced = u32::from_be_bytes(reply[..4].try_into().unwrap()) as usize;
                    prop_assert_eq!(announced, reply.len() - 4);
                    prop_assert!(announced <= MAX_FRAME);
                    prop_assert_eq!(&reply[5..9], &[0, 0, 0, 7]);
                }
                // Cut short, or a second INIT: the channel is closed then.
                Err(_) => prop_assert!(length < 60),
            }
        }
        drop(desk);
        prop_assert_eq!(std::fs::read_to_string(secret).unwrap(), "secret");
        let mut home: Vec<_> = std::fs::read_dir(bench.home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        home.sort();
        prop_assert_eq!(home, ["clients", "secret", "uploads", "work"]);
    }
}
