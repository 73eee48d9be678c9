//! What a heap has done so far, and a record of its collections for those who ask.

use crate::Heap;

/// Counts since the heap was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Collections of the young objects.
    pub minors: usize,
    /// Collections of all objects.
    pub majors: usize,
    /// Objects found dead.
    pub dead: usize,
    /// Objects marked.
    pub marked: usize,
    /// Stack words looked at.
    pub stack_words: usize,
    /// Old objects that were written to, each time they were looked at again.
    pub remembered: usize,
    /// Bytes handed out to objects, up to the last collection.
    pub allocated: usize,
}

/// A nanosecond clock.
pub type Clock = Box<dyn Fn() -> u64 + Send>;

/// A collection, as recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collection {
    /// Whether all objects were looked at, or only the young ones.
    pub major: bool,
    /// Young objects before.
    pub young: usize,
    /// Old objects before.
    pub old: usize,
    /// Objects found dead.
    pub dead: usize,
    /// Nanoseconds it took.
    pub time: u64,
}

/// Keeps records of collections until somebody takes them.
pub(crate) struct Recorder {
    clock: Clock,
    collections: Vec<Collection>,
}

impl Heap {
    /// Record collections from now on, timed by a clock; or no more.
    pub fn record_collections(&mut self, clock: Option<Clock>) {
        self.recorder = clock.map(|clock| Recorder { clock, collections: Vec::new() });
    }

    /// The collections recorded since the last call.
    pub fn take_collections(&mut self) -> Vec<Collection> {
        self.recorder.as_mut().map_or(Vec::new(), |recorder| std::mem::take(&mut recorder.collections))
    }

    /// A record with the time of its beginning, if collections are recorded.
    pub(crate) fn begin_record(&self, major: bool) -> Option<Collection> {
        let time = (self.recorder.as_ref()?.clock)();
        Some(Collection { major, young: self.space.handed_out(), old: self.live_cells, dead: 0, time })
    }

    pub(crate) fn end_record(&mut self, begun: Collection, dead: usize) {
        let Some(recorder) = &mut self.recorder else { return };
        let time = (recorder.clock)().saturating_sub(begun.time);
        recorder.collections.push(Collection { dead, time, ..begun });
        self.set_breaker();
    }

    /// What the heap has done.
    pub fn stats(&self) -> Stats {
        self.stats
    }

    /// Set the number of major collections: one that took several rounds counts as one.
    pub fn set_major_count(&mut self, majors: usize) {
        self.stats.majors = majors;
    }

    /// Start counting anew.
    pub fn reset_stats(&mut self) {
        self.stats = Stats::default();
    }

    /// Bytes in objects that survived the last collection, and in those allocated since.
    pub fn live_bytes(&self) -> usize {
        self.live_bytes + self.space.allocated
    }
}
