//! Drawn screenshots: their pictures are found by their edges.

use super::*;
use crate::compare::testing::scrambled;

const SIDES: [usize; 2] = [600, 400];
/// How far off an edge may be, pixels: a step of the coarser canvas.
const NEAR: usize = 4;

/// A page of one level.
fn page(level: u8) -> Vec<u8> {
    vec![level; SIDES[0] * SIDES[1]]
}

/// Blurred blocks that look random, about a level.
fn picture(seed: usize, x: usize, y: usize) -> u8 {
    let block = |x: usize, y: usize| f64::from(scrambled(seed * 10_000 + x * 100 + y) as u8);
    let (across, down) = (x as f64 / 23.0, y as f64 / 19.0);
    let (i, j, right, below) = (across as usize, down as usize, across.fract(), down.fract());
    let row = |j: usize| block(i, j) * (1.0 - right) + block(i + 1, j) * right;
    (row(j) * (1.0 - below) + row(j + 1) * below) as u8
}

/// Puts a picture onto a page.
fn put(page: &mut [u8], seed: usize, [left, top, width, height]: Area) {
    for y in top..top + height {
        for x in left..left + width {
            page[y * SIDES[0] + x] = picture(seed, x - left, y - top);
        }
    }
}

/// Lines of strokes, as of text.
fn write(page: &mut [u8], [left, top, width, height]: Area, level: u8) {
    for y in (top..top + height).filter(|y| y % 14 < 9) {
        for x in (left..left + width).filter(|x| scrambled(x / 2 * 31 + y / 14 * 7) % 3 == 0) {
            page[y * SIDES[0] + x] = level;
        }
    }
}

fn found(page: &[u8]) -> Vec<Area> {
    pictures(page, SIDES[0], SIDES[1])
}

fn is_near(found: &Area, expected: &Area) -> bool {
    let ends = |&[left, top, width, height]: &Area| [left, top, left + width, top + height];
    ends(found).iter().zip(ends(expected)).all(|(a, b)| a.abs_diff(b) <= NEAR)
}

#[track_caller]
fn assert_among(found: &[Area], expected: Area) {
    assert!(found.iter().any(|area| is_near(area, &expected)), "{expected:?} is not among {found:?}");
}

#[test]
fn a_picture_among_text_is_found_on_a_light_page_and_on_a_dark_one() {
    for (ground, ink) in [(250, 20), (20, 230)] {
        let mut page = page(ground);
        write(&mut page, [30, 20, 500, 60], ink);
        write(&mut page, [30, 330, 420, 50], ink);
        put(&mut page, 1, [90, 100, 320, 200]);
        assert!(is_near(&found(&page)[0], &[90, 100, 320, 200]), "{:?}", found(&page));
    }
}

#[test]
fn pictures_side_by_side_are_found_each() {
    let mut page = page(255);
    put(&mut page, 1, [0, 0, 298, 400]);
    put(&mut page, 2, [302, 0, 298, 400]);
    let found = found(&page);
    assert_among(&found, [0, 0, 298, 400]);
    assert_among(&found, [302, 0, 298, 400]);
}

#[test]
fn a_picture_in_a_corner_of_another_is_found() {
    let mut page = page(0);
    put(&mut page, 1, [0, 0, 600, 400]);
    put(&mut page, 2, [380, 250, 200, 130]);
    assert_among(&found(&page), [380, 250, 200, 130]);
}

#[test]
fn four_pictures_are_found_each() {
    let mut page = page(255);
    let areas = [[0, 0, 298, 198], [302, 0, 298, 198], [0, 202, 298, 198], [302, 202, 298, 198]];
    areas.iter().enumerate().for_each(|(seed, area)| put(&mut page, seed, *area));
    areas.into_iter().for_each(|area| assert_among(&found(&page), area));
}

#[test]
fn a_picture_that_fills_the_still_holds_none() {
    for seed in 0..20 {
        let mut page = page(0);
        put(&mut page, seed, [0, 0, 600, 400]);
        assert_eq!(found(&page), Vec::<Area>::new(), "{seed}");
    }
}

#[test]
fn text_alone_is_no_picture() {
    let mut page = page(255);
    write(&mut page, [30, 20, 540, 360], 20);
    assert_eq!(found(&page), Vec::<Area>::new());
}

#[test]
fn what_is_small_or_long_is_no_picture() {
    let of = |area: Area| {
        let mut page = page(255);
        put(&mut page, 3, area);
        found(&page).len()
    };
    assert_eq!((of([100, 100, 200, 150]), of([100, 100, 100, 63]), of([40, 100, 500, 80])), (1, 0, 0));
}

#[test]
fn no_more_than_eight_are_looked_up() {
    let mut page = page(255);
    for i in 0..12 {
        put(&mut page, i, [i % 4 * 150 + 5, i / 4 * 133 + 4, 140, 124]);
    }
    assert_eq!(found(&page).len(), 8);
}

#[test]
fn any_picture_has_an_answer() {
    for (width, height) in [(1, 1), (1, 900), (3, 2), (700, 1), (641, 5), (97, 1281)] {
        let luma: Vec<u8> = (0..width * height).map(|i| scrambled(i) as u8).collect();
        for [left, top, wide, high] in pictures(&luma, width, height) {
            assert!(left + wide <= width && top + high <= height);
        }
    }
}
