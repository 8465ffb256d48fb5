//! Statistics of an evaluation. What has an equivalent in Nix's `NIX_SHOW_STATS` goes by Nix's name; the rest
//! is under `nival`.

use std::cell::Cell;
use std::time::{Duration, Instant};

use serde_json::{Map, Value as Json, json};

use super::Evaluator;
use crate::source::Pos;
use crate::value::Value;

/// Bytes of a word of the heap: a value, a variable, an attribute, or an element.
const WORD: u64 = 8;

/// Time spent outside the evaluator.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spent {
    /// From the start until now.
    pub wall: Duration,
    /// By all threads on all processors.
    pub processor: Duration,
    /// Opening and writing the code cache.
    pub cache: Duration,
    /// Printing, including the evaluation that only printing causes.
    pub printing: Duration,
}

impl Evaluator {
    /// Does work that is not evaluation. Measures how long it takes if statistics are wanted.
    pub(super) fn timed<T>(&self, time: &Cell<Duration>, work: impl FnOnce() -> T) -> T {
        if !self.counting {
            return work();
        }
        let begin = Instant::now();
        let done = work();
        time.set(time.get() + begin.elapsed());
        done
    }

    /// The time spent on loading so far.
    pub fn loading_time(&self) -> Duration {
        let loading = &self.load_counters;
        loading.parsing.get() + loading.lowering.get() + loading.caching.get()
    }

    /// Everything counted and measured, as JSON. Counts of each call and times are present only if they were
    /// [watched](Self::watch). With `symbols`, all symbols are listed instead of counted.
    pub fn statistics(&self, spent: &Spent, symbols: bool) -> Json {
        let counts = &self.mem.counts;
        let [code, text, data] = self.mem.heap.used().map(|bytes| bytes as u64);
        let processor = spent.processor.as_secs_f64();
        let mut all = json!({
            "cpuTime": processor,
            "time": { "cpu": processor, "gc": 0.0, "gcFraction": 0.0 },
            "envs": {
                "number": counts.envs.number.get(),
                "elements": counts.envs.elements.get(),
                "bytes": (counts.envs.number.get() + counts.envs.elements.get()) * WORD,
            },
            "nrExprs": self.load_counters.exprs.get(),
            "list": {
                "elements": counts.lists.elements.get(),
                "bytes": counts.lists.elements.get() * WORD,
                "concats": counts.concats.get(),
            },
            "values": { "number": data / WORD, "bytes": data },
            "symbols": { "number": self.mem.heap.symbols.len(), "bytes": u64::from(self.mem.heap.zones().names) * 16 },
            "sets": {
                "number": counts.sets.number.get(),
                "elements": counts.sets.elements.get(),
                "bytes": counts.sets.elements.get() * WORD,
            },
            "sizes": { "Env": WORD, "Value": WORD, "Bindings": 0, "Attr": WORD },
            "nrOpUpdates": counts.updates.get(),
            "nrOpUpdateValuesCopied": counts.updated.get(),
            "nrThunks": counts.thunks.get(),
            "nrAvoided": counts.avoided.get(),
            "nrLookups": counts.lookups.get(),
            "nrPrimOpCalls": counts.builtin_calls.get(),
            "nrFunctionCalls": counts.function_calls.get(),
            "gc": { "heapSize": code + text + data, "totalBytes": code + text + data, "cycles": self.mem.heap.collections() },
            "nival": self.own_statistics(spent),
        });
        if let (Some(all), Some(each)) = (all.as_object_mut(), self.each_call()) {
            all.extend(each);
        }
        if symbols {
            let mut names = self.mem.heap.all_symbols();
            names.sort();
            all["symbols"] = names.into_iter().map(|name| self.name(name)).collect();
        }
        all
    }

    fn own_statistics(&self, spent: &Spent) -> Json {
        let counts = &self.mem.counts;
        let loading = &self.load_counters;
        let [code, text, data] = self.mem.heap.used();
        let seconds = |d: Duration| d.as_secs_f64();
        let cache = spent.cache + loading.caching.get();
        let elsewhere = loading.parsing.get() + loading.lowering.get() + cache + spent.printing;
        json!({
            "time": {
                "wall": seconds(spent.wall),
                "readingAndParsing": seconds(loading.parsing.get()),
                "lowering": seconds(loading.lowering.get()),
                "evaluating": seconds(spent.wall.saturating_sub(elsewhere)),
                "printing": seconds(spent.printing),
                "codeCache": seconds(cache),
            },
            "files": {
                "read": loading.read.number.get(),
                "bytes": loading.read.elements.get(),
                "parsed": loading.parsed.get(),
                "readAhead": loading.prefetched.get(),
                "folders": loading.folders.get(),
                "foldersAhead": loading.folders_prefetched.get(),
                "fromKeptCode": loading.cached.get(),
            },
            "heap": { "code": code, "text": text, "data": data },
            "thunksForced": counts.forced.get(),
            "nativeSuspensionsForced": counts.natives_forced.get(),
            "suspensionsShared": counts.shared.get(),
            "libraryCalls": counts.library_calls.get(),
            "errors": self.failures.count(),
        })
    }

    /// Calls and lookups by what was called or looked up, most frequent first.
    fn each_call(&self) -> Option<Map<String, Json>> {
        let each = self.each()?.borrow();
        let mut functions: Vec<_> = each
            .functions
            .iter()
            .map(|(&(code, argument), count)| {
                let function = Value::lambda(code, 0);
                let mut row = self.counted_place(self.lambda_pos(function, argument), *count);
                row.insert("name".to_owned(), self.lambda_name(function).into());
                row
            })
            .collect();
        let mut attributes: Vec<_> =
            each.attributes.iter().map(|(pos, count)| self.counted_place(*pos, *count)).collect();
        for rows in [&mut functions, &mut attributes] {
            rows.sort_by_key(|row| {
                let number = |key| row.get(key).and_then(Json::as_u64);
                let file = row.get("file").and_then(Json::as_str).map(str::to_owned);
                (std::cmp::Reverse(number("count")), file, number("line"), number("column"))
            });
        }
        let mut all = Map::new();
        all.insert("primops".to_owned(), each.builtins.iter().map(|(name, n)| (*name, *n)).collect());
        all.insert("functions".to_owned(), functions.into());
        all.insert("attributes".to_owned(), attributes.into());
        if !each.library.is_empty() {
            all.insert("library".to_owned(), each.library.iter().map(|(name, n)| (*name, *n)).collect());
        }
        Some(all)
    }

    fn counted_place(&self, pos: Pos, count: u64) -> Map<String, Json> {
        let mut row = Map::new();
        if let Some(place) = self.sources.place(pos) {
            if place.source.position_path().is_some() {
                row.insert("file".to_owned(), place.source.origin_name().into());
            }
            row.insert("line".to_owned(), place.line.into());
            row.insert("column".to_owned(), place.column.into());
        }
        row.insert("count".to_owned(), count.into());
        row
    }
}
