//! Numbers as people write them.

/// `75 %`. Only certainty is called 100 %.
pub fn percent(fraction: f64) -> String {
    let percent = (fraction * 100.0).round();
    format!("{} %", if fraction < 1.0 { percent.min(99.0) } else { percent })
}

/// `1:02:03.5` or `0:03.5`, like players.
pub fn clock(seconds: f64) -> String {
    let tenths = (seconds.max(0.0) * 10.0).round();
    if !tenths.is_finite() {
        return "?".to_owned();
    }
    let (minutes, tenths) = ((tenths / 600.0).floor(), tenths % 600.0);
    let (hours, minutes) = ((minutes / 60.0).floor(), minutes % 60.0);
    let seconds = tenths / 10.0;
    if hours > 0.0 { format!("{hours}:{minutes:02}:{seconds:04.1}") } else { format!("{minutes}:{seconds:04.1}") }
}

/// `1:02:03.5`, `2:03.5` or `3.500 s`.
pub fn time(seconds: f64) -> String {
    if seconds.is_finite() && (seconds * 10.0).round() >= 600.0 { clock(seconds) } else { format!("{seconds:.3} s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_write_them() {
        assert_eq!(time(3.5), "3.500 s");
        assert_eq!(time(59.94), "59.940 s");
        assert_eq!(clock(59.96), "1:00.0");
        assert_eq!(time(123.46), "2:03.5");
        assert_eq!(time(3723.51), "1:02:03.5");
    }
}
