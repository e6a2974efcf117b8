//! Connections that have not logged in, counted by address, so that one stranger cannot take every place.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Connections of one address that may be logging in at once.
const MAX_PER_ADDRESS: usize = 256;

/// The count of all addresses.
#[derive(Debug, Clone, Default)]
pub(crate) struct Startups(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One connection that has not logged in; dropped when it has, or is gone.
#[derive(Debug)]
pub(crate) struct Startup {
    all: Startups,
    address: IpAddr,
}

impl Startups {
    /// Counts a connection; `None` when its address has too many.
    pub(crate) fn enter(&self, address: IpAddr) -> Option<Startup> {
        // An IPv4 address that came over an IPv6 socket is the same address.
        let address = address.to_canonical();
        let mut counts = self.counts();
        let count = counts.entry(address).or_default();
        if *count >= MAX_PER_ADDRESS {
            return None;
        }
        *count += 1;
        drop(counts);
        Some(Startup {
            all: self.clone(),
            address,
        })
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Startup {
    fn drop(&mut self) {
        let mut counts = self.all.counts();
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_places_and_gives_them_back() {
        let startups = Startups::default();
        let address: IpAddr = "192.0.2.1".parse().unwrap();
        let mut held: Vec<Startup> = (0..MAX_PER_ADDRESS).map(|_| startups.enter(address).unwrap()).collect();
        assert!(startups.enter("::ffff:192.0.2.1".parse().unwrap()).is_none());
        assert!(startups.enter("192.0.2.2".parse().unwrap()).is_some());
        held.pop();
        assert!(startups.enter(address).is_some());
        drop(held);
        assert!(startups.counts().is_empty());
    }
}
