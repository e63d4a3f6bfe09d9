//! Bytes, rate and remaining time of a transfer.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::elapsed;

/// Time over which the rate is averaged.
const WINDOW: Duration = Duration::from_secs(10);

/// Interval between two samples.
const SAMPLE_INTERVAL: Duration = Duration::from_millis(500);

/// Time after which the rate is known.
const MIN_TIME: Duration = Duration::from_millis(500);

const BAR_WIDTH: u64 = 10;

/// Bytes of a transfer, and samples for its rate. The first ones may be those of an earlier transfer, which is
/// continued.
#[derive(Debug, Default)]
pub(super) struct Meter {
    bytes: u64,
    total: Option<u64>,
    samples: VecDeque<(Instant, u64)>,
}

impl Meter {
    /// Sets the number of bytes that were transferred, and that of all bytes if it is known.
    pub(super) fn set(&mut self, bytes: u64, total: Option<u64>, now: Instant) {
        if bytes < self.bytes {
            // The transfer has started over.
            self.samples.clear();
        }
        self.bytes = bytes;
        self.total = total;
        let is_due = |(last, _): &(Instant, u64)| now.duration_since(*last) >= SAMPLE_INTERVAL;
        if self.samples.back().is_none_or(is_due) {
            self.samples.push_back((now, bytes));
        }
        // The first sample is as old as the window at least.
        while let Some((second, _)) = self.samples.get(1)
            && now.duration_since(*second) >= WINDOW
        {
            self.samples.pop_front();
        }
    }

    /// Returns bytes per second, or `None` if it is too early for a rate.
    fn rate(&self, now: Instant) -> Option<u64> {
        let (first, bytes) = self.samples.front()?;
        let elapsed = now.duration_since(*first);
        let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        let bytes = self.bytes.saturating_sub(*bytes);
        (elapsed >= MIN_TIME).then(|| bytes.saturating_mul(1000) / millis)
    }

    /// Returns the part that was transferred in percent, if the number of all bytes is known.
    pub(super) fn percent(&self) -> Option<u8> {
        let percent = self.bytes.saturating_mul(100).checked_div(self.total?)?;
        Some(u8::try_from(percent).unwrap_or(100).min(100))
    }

    /// Formats the transfer, for example as `[#####-----] 512.0 MiB/1.0 GiB  38 MiB/s  eta 0:13`. Higher forms are
    /// shorter.
    pub(super) fn text(&self, now: Instant, form: usize) -> String {
        match (form, self.percent()) {
            (0..=2, _) => {}
            (3 | 4, _) | (_, None) => return self.amount(),
            (_, Some(percent)) => return format!("{percent}%"),
        }
        let rate = self.rate(now);
        let rate_text = rate.map(|rate| format!("{}/s", rate_size(rate)));
        let rate_text = rate_text.filter(|_| form < 2);
        let Some(total) = self.total else {
            let parts = [Some(size(self.bytes)), rate_text];
            return parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        };
        let is_filled = |part| total.saturating_mul(part) <= self.bytes.saturating_mul(BAR_WIDTH);
        let bar = (1..=BAR_WIDTH).map(|part| if is_filled(part) { '#' } else { '-' });
        let bar: String = bar.collect();
        let rest = total.saturating_sub(self.bytes);
        let eta = rate.and_then(|rate| rest.checked_div(rate));
        let eta = eta.map(|eta| format!("eta {}", elapsed::clock(Duration::from_secs(eta))));
        let parts = [
            Some(format!("[{bar}] {}", self.amount())),
            rate_text,
            eta.filter(|_| rest > 0 && form == 0),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
    }

    /// Formats the number of bytes, for example as `41.2/61.0 MiB`.
    pub(super) fn amount(&self) -> String {
        let bytes = size(self.bytes);
        let Some(total) = self.total else {
            return bytes;
        };
        let total = size(total);
        match (bytes.split_once(' '), total.split_once(' ')) {
            (Some((number, unit)), Some((_, of_total))) if unit == of_total => {
                format!("{number}/{total}")
            }
            _ => format!("{bytes}/{total}"),
        }
    }
}

/// Formats a number of bytes, for example as `12.4 MiB`.
fn size(bytes: u64) -> String {
    match unit(bytes) {
        Some((unit, name)) => {
            let tenths = bytes / (unit / 10);
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
        None => format!("{bytes} B"),
    }
}

/// Formats a number of bytes like [`size`], without decimals from 10 on.
fn rate_size(bytes: u64) -> String {
    match unit(bytes) {
        Some((unit, name)) if bytes / unit >= 10 => format!("{} {name}", bytes / unit),
        _ => size(bytes),
    }
}

fn unit(bytes: u64) -> Option<(u64, &'static str)> {
    let units = [(1_u64 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    units.into_iter().find(|(unit, _)| bytes >= *unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    #[test]
    fn sizes_have_binary_units() {
        for (bytes, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (13_002_342, "12.4 MiB"),
            (1 << 30, "1.0 GiB"),
        ] {
            assert_eq!(size(bytes), text);
        }
        assert_eq!(rate_size(38 * MIB + MIB / 2), "38 MiB");
        assert_eq!(rate_size(3 * MIB), "3.0 MiB");
    }

    #[test]
    fn bar_has_amount_rate_and_remaining_time() {
        let start = Instant::now();
        let mut meter = Meter::default();
        meter.set(0, Some(1024 * MIB), start);
        assert_eq!(meter.text(start, 0), "[----------] 0 B/1.0 GiB");
        let later = start + Duration::from_secs(8);
        meter.set(512 * MIB, Some(1024 * MIB), later);
        assert_eq!(
            meter.text(later, 0),
            "[#####-----] 512.0 MiB/1.0 GiB  64 MiB/s  eta 0:08"
        );
        meter.set(1024 * MIB, Some(1024 * MIB), later);
        assert_eq!(meter.text(later, 0), "[##########] 1.0/1.0 GiB  128 MiB/s");
        let mut empty = Meter::default();
        empty.set(0, Some(0), start);
        assert_eq!(empty.text(start, 0), "[##########] 0/0 B");
    }

    #[test]
    fn transfer_of_unknown_size_has_amount_and_rate() {
        let start = Instant::now();
        let mut meter = Meter::default();
        meter.set(0, None, start);
        let later = start + Duration::from_secs(4);
        meter.set(13_002_342, None, later);
        assert_eq!(meter.text(later, 0), "12.4 MiB, 3.1 MiB/s");
        assert_eq!(meter.amount(), "12.4 MiB");
    }

    #[test]
    fn bytes_of_an_earlier_transfer_do_not_count() {
        let start = Instant::now();
        let mut meter = Meter::default();
        meter.set(500 * MIB, Some(1000 * MIB), start);
        assert_eq!(meter.rate(start + MIN_TIME), Some(0));
        let later = start + Duration::from_secs(5);
        meter.set(505 * MIB, Some(1000 * MIB), later);
        assert_eq!(meter.rate(later), Some(MIB));
    }

    #[test]
    fn rate_is_that_of_the_last_seconds() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut meter = Meter::default();
        for second in 1..=100 {
            meter.set(second * 100 * MIB, None, at(second));
        }
        for second in 1..=20 {
            meter.set((10_000 + second) * MIB, None, at(100 + second));
        }
        assert_eq!(meter.rate(at(120)), Some(MIB));
        assert!(meter.samples.len() < 30);

        // After the transfer has started over.
        meter.set(0, None, at(120));
        assert_eq!(meter.rate(at(120)), None);
        meter.set(10 * MIB, None, at(122));
        assert_eq!(meter.rate(at(122)), Some(5 * MIB));
    }
}
