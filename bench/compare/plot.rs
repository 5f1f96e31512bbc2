// SPDX-License-Identifier: GPL-2.0

//! Plots.

use std::error::Error;
use std::ops::Range;
use std::path::{Path, PathBuf};

use plotters::prelude::*;

use crate::ahead;
use crate::clock::UNIT;
use crate::measure::Samples;
use crate::subject::Origin;

/// Colours that can be told apart on white, in the order of the lines.
const COLOURS: [RGBColor; 12] = [
    RGBColor(0xd6, 0x27, 0x28),
    RGBColor(0x1f, 0x77, 0xb4),
    RGBColor(0x2c, 0xa0, 0x2c),
    RGBColor(0xff, 0x7f, 0x0e),
    RGBColor(0x94, 0x67, 0xbd),
    RGBColor(0x8c, 0x56, 0x4b),
    RGBColor(0xe3, 0x77, 0xc2),
    RGBColor(0x17, 0xbe, 0xcf),
    RGBColor(0x7f, 0x7f, 0x7f),
    RGBColor(0xa8, 0xa8, 0x10),
    RGBColor(0x00, 0x00, 0x00),
    RGBColor(0x10, 0x30, 0x90),
];

/// What a plot is about, as its caption and file name say.
struct Frame<'a> {
    file: PathBuf,
    caption: &'a str,
    y: &'a str,
    /// Whether the y axis is logarithmic, as the x axis is.
    log: bool,
    /// A corner that no line goes through.
    legend: SeriesLabelPosition,
}

/// A line: what it is called, how wide it is, and its points.
struct Line {
    name: String,
    width: u32,
    points: Vec<(f64, f64)>,
}

/// Plots cycles for a byte. Nothing is plotted if there is one length only.
pub(crate) fn cycles(out: &Path, samples: &Samples<'_>) -> Result<Option<PathBuf>, Box<dyn Error>> {
    let line = |(j, (name, origin)): (usize, &(String, Origin))| Line {
        name: name.clone(),
        width: if *origin == Origin::Ours { 3 } else { 1 },
        points: points(samples, |i, bytes| {
            Some(samples.spread(i, j)?.median / bytes)
        }),
    };
    let lines: Vec<Line> = samples.subjects.iter().enumerate().map(line).collect();
    let unit = format!("{UNIT} per byte");
    Frame {
        file: out.join("cycles_per_byte.svg"),
        caption: &format!("Poly1305: {unit}"),
        y: &unit,
        log: true,
        legend: SeriesLabelPosition::UpperRight,
    }
    .draw(&lines)
}

/// Plots the ratio of the best of ours to the reference, and to the fastest of all others.
pub(crate) fn ratio(
    out: &Path,
    reference: &str,
    samples: &Samples<'_>,
) -> Result<Option<PathBuf>, Box<dyn Error>> {
    let Some(place) = samples.place(reference) else {
        return Ok(None);
    };
    let ours = |i| {
        let all = samples.subjects.iter().enumerate();
        all.filter(|(_, (_, origin))| *origin == Origin::Ours)
            .filter_map(move |(j, _)| Some(samples.ratio(i, j, place)?.median))
            .min_by(f64::total_cmp)
    };
    let lines = [
        Line {
            name: "the best of ours".into(),
            width: 3,
            points: points(samples, |i, _| ours(i)),
        },
        Line {
            name: "the same, the fastest of all others being 1".into(),
            width: 1,
            points: points(samples, |i, _| ahead::best(samples, i)),
        },
        Line {
            name: reference.into(),
            width: 1,
            points: points(samples, |_, _| Some(1.0)),
        },
    ];
    Frame {
        file: out.join("ratio.svg"),
        caption: &format!("Poly1305: time of the best of ours, {reference} being 1"),
        y: "ratio, below 1 is faster",
        log: false,
        legend: SeriesLabelPosition::LowerRight,
    }
    .draw(&lines)
}

/// A point for each case that has a value, by its number and length.
fn points(samples: &Samples<'_>, value: impl Fn(usize, f64) -> Option<f64>) -> Vec<(f64, f64)> {
    let point = |(i, bytes)| Some((bytes, value(i, bytes)?));
    let lengths = samples.cases.iter().map(|case| case.bytes as f64);
    lengths.enumerate().filter_map(point).collect()
}

impl Frame<'_> {
    /// Draws lines, if they have more than a point.
    fn draw(&self, lines: &[Line]) -> Result<Option<PathBuf>, Box<dyn Error>> {
        let all = || lines.iter().flat_map(|line| &line.points);
        let (Some(x), Some(y)) = (range(all().map(|p| p.0)), range(all().map(|p| p.1))) else {
            return Ok(None);
        };
        let root = SVGBackend::new(&self.file, (1000, 640)).into_drawing_area();
        root.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&root);
        chart
            .caption(self.caption, ("sans-serif", 22))
            .margin(16)
            .x_label_area_size(44)
            .y_label_area_size(64);
        let x = x.log_scale().base(2.0);
        // Both kinds of axes have the same methods, but not the same type.
        macro_rules! draw {
            ($y:expr) => {{
                let mut chart = chart.build_cartesian_2d(x, $y)?;
                chart
                    .configure_mesh()
                    .light_line_style(WHITE)
                    .x_desc("bytes")
                    .x_labels(20)
                    .x_label_formatter(&|x| format!("{x:.0}"))
                    .y_desc(self.y)
                    .y_label_formatter(&|y| format!("{}", (y * 100.0).round() / 100.0))
                    .draw()?;
                for (line, colour) in lines.iter().zip(COLOURS.iter().cycle()) {
                    let style = colour.stroke_width(line.width);
                    let mark = move |(x, y)| PathElement::new([(x, y), (x + 20, y)], style);
                    chart
                        .draw_series(LineSeries::new(line.points.iter().copied(), style))?
                        .label(&line.name)
                        .legend(mark);
                }
                chart
                    .configure_series_labels()
                    .position(self.legend.clone())
                    .background_style(WHITE.mix(0.8))
                    .border_style(BLACK)
                    .draw()?;
            }};
        }
        if self.log {
            draw!(y.log_scale().base(2.0));
        } else {
            draw!(0.0..y.end * 1.1);
        }
        root.present()?;
        Ok(Some(self.file.clone()))
    }
}

/// From the least to the largest, if they differ.
fn range(values: impl Iterator<Item = f64>) -> Option<Range<f64>> {
    let empty = f64::INFINITY..f64::NEG_INFINITY;
    let range = values.fold(empty, |r, v| r.start.min(v)..r.end.max(v));
    (range.start < range.end).then_some(range)
}
