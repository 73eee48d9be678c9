//! The baton that the threads of one interpreter pass on: whoever holds it may use the interpreter.
//!
//! A thread that waits asks the holder to pass it on after a while, and a holder that is asked lets another thread have it first.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Debug, Default)]
struct State {
    held: bool,
    /// How often the baton was taken.
    taken: u64,
    waiting: usize,
    /// Nobody gets it any more.
    closed: bool,
}

/// Held by one thread at a time.
#[derive(Debug, Default)]
pub struct Baton {
    state: Mutex<State>,
    free: Condvar,
    passed: Condvar,
}

impl Baton {
    /// A baton that the calling thread holds.
    pub fn held() -> Baton {
        Baton { state: Mutex::new(State { held: true, ..State::default() }), ..Baton::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wait for the baton and take it. Whenever nobody passed it on for so many nanoseconds, `ask` asks its holder to.
    pub fn take(&self, interval_ns: u64, ask: impl Fn()) {
        self.take_from(self.state(), interval_ns, ask);
    }

    fn take_from(&self, mut state: MutexGuard<'_, State>, interval_ns: u64, ask: impl Fn()) {
        state.waiting += 1;
        let interval = Duration::from_nanos(interval_ns.max(1000));
        while state.held || state.closed {
            let before = state.taken;
            let (next, timeout) = self.free.wait_timeout(state, interval).unwrap_or_else(PoisonError::into_inner);
            state = next;
            if state.closed {
                state = self.free.wait_while(state, |state| state.closed).unwrap_or_else(PoisonError::into_inner);
            } else if timeout.timed_out() && state.held && state.taken == before {
                ask();
            }
        }
        state.waiting -= 1;
        state.held = true;
        state.taken += 1;
        self.passed.notify_all();
    }

    /// Let others have the baton.
    pub fn release(&self) {
        self.state().held = false;
        self.free.notify_one();
    }

    /// Let a thread that waits have the baton, then take it again.
    pub fn pass(&self, interval_ns: u64, ask: impl Fn()) {
        let mut state = self.state();
        if state.waiting > 0 {
            state.held = false;
            self.free.notify_one();
            let before = state.taken;
            state =
                self.passed.wait_while(state, |state| state.taken == before && state.waiting > 0).unwrap_or_else(PoisonError::into_inner);
            self.take_from(state, interval_ns, ask);
        }
    }

    /// Nobody but the holder may go on: all others wait for ever.
    pub fn close(&self) {
        self.state().closed = true;
    }
}

#[cfg(test)]
mod tests {
    use super::Baton;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    #[test]
    fn threads_take_turns() {
        let (baton, counter, asked) = (Arc::new(Baton::held()), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let (baton, counter, asked) = (baton.clone(), counter.clone(), asked.clone());
                std::thread::spawn(move || {
                    baton.take(100_000, || asked.store(true, Ordering::Relaxed));
                    for _ in 0..200 {
                        let seen = counter.load(Ordering::Relaxed);
                        counter.store(seen + 1, Ordering::Relaxed);
                        baton.pass(100_000, || {});
                    }
                    baton.release();
                })
            })
            .collect();
        while !asked.load(Ordering::Relaxed) {
            std::thread::yield_now();
        }
        baton.release();
        for thread in threads {
            thread.join().expect("no panic");
        }
        assert_eq!(counter.load(Ordering::Relaxed), 800);
    }
}
