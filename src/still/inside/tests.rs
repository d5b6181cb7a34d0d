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

/// Discs of many sizes and levels, and a camera's noise.
fn picture(seed: usize, x: usize, y: usize) -> u8 {
    let any = |i: usize, limit: usize| (scrambled(seed * 1000 + i) % limit as u64) as usize;
    let covers = |i: &usize| {
        let (across, down, radius) = (any(4 * i, 600), any(4 * i + 1, 400), 20 + any(4 * i + 2, 90));
        across.abs_diff(x).pow(2) + down.abs_diff(y).pow(2) < radius * radius
    };
    let level = (0..40).rev().find(covers).map_or(any(900, 240), |i| any(4 * i + 3, 240));
    (level + scrambled(seed + 600 * y + x) as usize % 12) as u8
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
        for x in (left..left + width).filter(|x| scrambled(x / 2 * 31 + y / 14 * 7).is_multiple_of(3)) {
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
    let is_found = |seed: &usize| {
        let mut page = page(0);
        put(&mut page, *seed, [0, 0, 600, 400]);
        put(&mut page, seed + 100, [340, 190, 240, 180]);
        found(&page).iter().any(|area| is_near(area, &[340, 190, 240, 180]))
    };
    // Where the two are alike along a side, nothing ends there to be seen.
    assert!((0..8).filter(is_found).count() >= 4);
}

#[test]
fn four_pictures_are_found_each() {
    let mut page = page(255);
    let areas = [[0, 0, 298, 198], [302, 0, 298, 198], [0, 202, 298, 198], [302, 202, 298, 198]];
    areas.iter().enumerate().for_each(|(seed, area)| put(&mut page, seed, *area));
    areas.into_iter().for_each(|area| assert_among(&found(&page), area));
}

#[test]
fn a_picture_that_fills_the_still_seldom_holds_any() {
    let holds_any = |seed: &usize| {
        let mut page = page(0);
        put(&mut page, *seed, [0, 0, 600, 400]);
        !found(&page).is_empty()
    };
    assert!((0..8).filter(holds_any).count() <= 1);
}

#[test]
fn text_alone_is_no_picture() {
    let mut page = page(255);
    write(&mut page, [30, 20, 540, 360], 20);
    assert_eq!(found(&page), Vec::<Area>::new());
}

#[test]
fn what_is_small_or_long_is_no_picture() {
    let is_found = |area: Area| {
        let mut page = page(255);
        put(&mut page, 3, area);
        found(&page).iter().any(|found| is_near(found, &area))
    };
    let areas = [[100, 100, 200, 150], [100, 100, 200, 54], [40, 100, 500, 120], [40, 100, 500, 180]];
    assert_eq!(areas.map(is_found), [true, false, false, true]);
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
