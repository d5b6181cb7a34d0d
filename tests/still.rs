//! Stills found in footage that nobody filmed.

mod scene;

use cotejo::fingerprint::Fingerprint;
use cotejo::fingerprint::picture;
use cotejo::picture::plane::{Plane, Range};
use cotejo::still::{self, Occurrence, PixelSearch, Still, StillReason, StillSearch, StillVerdict};
use image::imageops::{self, FilterType};
use image::{GrayImage, ImageFormat, Luma};
use proptest::prelude::*;
use scene::{FPS, HEIGHT, Random, Scene, WIDTH};

const FRAMES: i64 = 60;

fn footage(seed: u64) -> (Scene, Fingerprint) {
    let scene = Scene::new(seed, true);
    let fingerprint = scene::fingerprint((0..FRAMES).map(|i| scene.frame(i)));
    (scene, fingerprint)
}

fn find(picture: &GrayImage, video: &Fingerprint) -> StillSearch {
    still::find(&Still::read(&scene::file(picture, ImageFormat::Jpeg)).unwrap(), video)
}

/// The place, which must be within 0.2 s of the frame.
fn found_at(picture: &GrayImage, video: &Fingerprint, frame: i64) -> Occurrence {
    let found = find(picture, video);
    assert_eq!(found.verdict, StillVerdict::Found, "{found:?}");
    let time = frame as f64 / FPS as f64;
    assert!((found.at[0].time - time).abs() <= 0.2001, "{time}: {found:?}");
    found.at.into_iter().next().unwrap()
}

fn assert_near(found: [f64; 4], expected: [f64; 4]) {
    let is_near = found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.04);
    assert!(is_near, "{found:?} is not near {expected:?}");
}

#[test]
fn a_screenshot_is_found_to_the_frame() {
    let (scene, video) = footage(1);
    for frame in [0, 17, 42, 59] {
        let half = imageops::resize(&scene.frame(frame), WIDTH / 2, HEIGHT / 2, FilterType::Triangle);
        let at = found_at(&half, &video, frame);
        assert_near(at.view, [0.0, 0.0, 1.0, 1.0]);
        assert!(!at.mirrored && at.turned == 0 && at.distance_bits.unwrap() < 30, "{at:?}");
    }
}

#[test]
fn a_crop_says_what_it_shows() {
    let (scene, video) = footage(2);
    for (frame, x, y) in [(5, 0, 0), (30, 19, 7), (50, 10, 14)] {
        let crop = imageops::crop_imm(&scene.frame(frame), x, y, WIDTH * 9 / 10, HEIGHT * 9 / 10).to_image();
        let at = found_at(&crop, &video, frame);
        let place = [f64::from(x) / f64::from(WIDTH), f64::from(y) / f64::from(HEIGHT)];
        assert_near(at.view, [place[0], place[1], 0.9, 0.9]);
    }
}

#[test]
fn mirrored_and_turned_stills_are_found_and_said_to_be() {
    let (scene, video) = footage(3);
    let frame = scene.frame(20);
    let mirrored = imageops::flip_horizontal(&frame);
    for (picture, is_mirrored, turned) in [
        (imageops::rotate90(&frame), false, 90),
        (imageops::rotate180(&frame), false, 180),
        (imageops::rotate270(&frame), false, 270),
        (mirrored.clone(), true, 0),
        (imageops::rotate90(&mirrored), true, 90),
        (imageops::rotate270(&mirrored), true, 270),
    ] {
        let at = found_at(&picture, &video, 20);
        assert_eq!((at.mirrored, at.turned), (is_mirrored, turned));
    }
}

#[test]
fn a_player_turns_the_frame_before_the_still_is_made() {
    let (scene, mut video) = footage(4);
    video.header.rotation = 90;
    let shown = imageops::rotate90(&scene.frame(33));
    let (width, height) = shown.dimensions();
    let at = found_at(&imageops::crop_imm(&shown, 0, 0, width, height * 4 / 5).to_image(), &video, 33);
    assert_eq!((at.mirrored, at.turned), (false, 0));
    assert_near(at.view, [0.0, 0.0, 1.0, 0.8]);
}

#[test]
fn a_player_mirrors_the_frame_before_it_turns_it() {
    let (scene, mut video) = footage(4);
    (video.header.mirrored, video.header.rotation) = (true, 90);
    let shown = imageops::rotate90(&imageops::flip_horizontal(&scene.frame(33)));
    let (width, height) = shown.dimensions();
    let at = found_at(&imageops::crop_imm(&shown, 0, 0, width, height * 4 / 5).to_image(), &video, 33);
    assert_eq!((at.mirrored, at.turned), (false, 0));
    assert_near(at.view, [0.0, 0.0, 1.0, 0.8]);
    let unmirrored = found_at(&scene.frame(33), &video, 33);
    assert_eq!((unmirrored.mirrored, unmirrored.turned), (true, 90));
}

#[test]
fn a_players_window_and_a_banner_are_seen_past() {
    let (scene, video) = footage(5);
    let frame = scene.frame(12);
    let mut screen = GrayImage::from_fn(320, 220, |x, y| Luma([if y < 12 { 220 } else { 40 + (x / 40) as u8 }]));
    imageops::overlay(&mut screen, &frame, 30, 40);
    let at = found_at(&screen, &video, 12);
    assert_near(at.still_view, [30.0 / 320.0, 40.0 / 220.0, 192.0 / 320.0, 144.0 / 220.0]);

    let mut news = frame;
    imageops::overlay(&mut news, &GrayImage::from_pixel(WIDTH, 24, Luma([250])), 0, i64::from(HEIGHT) - 24);
    found_at(&news, &video, 12);
}

/// Four pictures with white lines between them, of which the frame is the last, at a fifth of the area.
fn collage(pictures: [&GrayImage; 4]) -> GrayImage {
    let mut page = GrayImage::from_pixel(2 * WIDTH + 60, 2 * HEIGHT + 20, Luma([255]));
    for (i, picture) in pictures.into_iter().enumerate() {
        let (column, row) = (i as i64 % 2, i as i64 / 2);
        imageops::overlay(&mut page, picture, column * i64::from(WIDTH + 10), row * i64::from(HEIGHT + 10));
    }
    page
}

#[test]
fn one_of_four_pictures_is_found_where_it_lies() {
    let (scene, video) = footage(11);
    let others = [12, 13, 14].map(|seed| Scene::new(seed, true).frame(3));
    let page = collage([&others[0], &others[1], &others[2], &scene.frame(40)]);
    let at = found_at(&page, &video, 40);
    let (width, height) = page.dimensions();
    let share = |pixels: u32, side: u32| f64::from(pixels) / f64::from(side);
    let place = [share(WIDTH + 10, width), share(HEIGHT + 10, height), share(WIDTH, width), share(HEIGHT, height)];
    assert_near(at.still_view, place);
    assert_near(at.view, [0.0, 0.0, 1.0, 1.0]);
    let bytes = scene::file(&page, ImageFormat::Png);
    let found_in = |part| still::find(&Still::read_part(&bytes, part).unwrap(), &video).verdict;
    assert!(Still::read(&bytes).unwrap().pictures().any(|part| found_in(part) == StillVerdict::Found));
}

#[test]
fn what_holds_other_pictures_is_not_found_and_not_said_to_be_absent() {
    let (_, video) = footage(11);
    let others = [12, 13, 14, 15].map(|seed| Scene::new(seed, true).frame(3));
    let found = find(&collage(others.each_ref()), &video);
    assert_eq!(found.verdict, StillVerdict::CantTell, "{found:?}");
}

#[test]
fn before_a_fixed_camera_the_answer_is_a_stretch() {
    let scene = Scene::new(6, false);
    let video = scene::fingerprint((0..FRAMES).map(|i| scene.frame(i)));
    let found = find(&scene.frame(0), &video);
    assert_eq!((found.verdict, found.reason), (StillVerdict::Found, StillReason::StretchLooksSame));
    assert_eq!(found.at[0].stretch, [0.0, (FRAMES - 1) as f64 / FPS as f64]);
}

#[test]
fn a_picture_is_found_in_a_picture() {
    let (scene, _) = footage(7);
    let bytes = scene::file(&scene.frame(0), ImageFormat::Png);
    let record = cotejo::file_scan::FileRecord::from(&cotejo::file_scan::FileScan::default().finish());
    let whole = picture::fingerprint(&bytes, &[], record).unwrap();
    let crop = imageops::crop_imm(&scene.frame(0), 10, 10, 170, 130).to_image();
    assert_eq!(find(&crop, &whole).verdict, StillVerdict::Found);
    assert_ne!(find(&Scene::new(8, true).frame(0), &whole).verdict, StillVerdict::Found);
}

#[test]
fn what_is_too_plain_is_not_looked_for() {
    let (_, video) = footage(9);
    let plain = GrayImage::from_fn(200, 100, |x, _| Luma([100 + (x / 20) as u8]));
    let found = find(&plain, &video);
    assert_eq!((found.verdict, found.reason), (StillVerdict::CantTell, StillReason::TooPlain));
    assert!(found.at.is_empty());
}

#[test]
fn chance_finds_nothing() {
    let videos: Vec<Fingerprint> = (100..104).map(|seed| footage(seed).1).collect();
    for seed in 200..215 {
        let still = Scene::new(seed, true).frame(0);
        for (i, video) in videos.iter().enumerate() {
            let found = find(&still, video);
            assert_ne!(found.verdict, StillVerdict::Found, "still {seed} in video {i}: {found:?}");
        }
    }
}

#[test]
fn the_answer_is_the_same_every_time() {
    let (scene, video) = footage(10);
    let still = scene.frame(25);
    assert_eq!(find(&still, &video), find(&still, &video));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Sizes and times that no camera makes: any answer will do, as long as there is one.
    #[test]
    fn strange_pictures_and_fingerprints_have_an_answer(
        width in 1u32..80, height in 1u32..300, frames in 1i64..6, seed: u64,
        video_side in prop::sample::select(vec![0u32, 1, 16_384]), ticks: [i32; 6],
    ) {
        let mut random = Random(seed);
        let picture = GrayImage::from_fn(width, height, |_, _| Luma([random.below(256) as u8]));
        let scene = Scene::new(seed, true);
        let mut video = scene::fingerprint((0..frames).map(|i| scene.frame(i)));
        video.header.width = video_side;
        for (frame, tick) in video.frames.iter_mut().zip(ticks) {
            frame.ticks = tick.into();
            frame.quality = random.below(101) as u8;
        }
        let found = find(&picture, &video);
        prop_assert_eq!(found.verdict == StillVerdict::Found, found.e_value.is_some());
        prop_assert!(found.e_value.is_none_or(|e_value| (1e-7..0.001).contains(&e_value)));
        prop_assert_eq!(found.verdict == StillVerdict::Found, !found.at.is_empty());
    }
}

/// Looks for a picture in the pixels of some frames.
fn find_by_pixels(picture: &GrayImage, frames: &[GrayImage]) -> StillSearch {
    let video = scene::fingerprint(frames.iter().cloned());
    looked_through(PixelSearch::new(&scene::file(picture, ImageFormat::Jpeg), &video).unwrap(), frames)
}

fn looked_through(mut search: PixelSearch, frames: &[GrayImage]) -> StillSearch {
    assert_eq!(search.frames(), frames.len());
    loop {
        for frame in frames {
            let (width, height) = frame.dimensions();
            search.frame(&Plane::new(frame.as_raw(), width, height, width as usize, 8, Range::Full).unwrap());
        }
        if !search.again() {
            return search.finish();
        }
    }
}

fn frames(seed: u64) -> Vec<GrayImage> {
    let scene = Scene::new(seed, true);
    (0..FRAMES).map(|i| scene.frame(i)).collect()
}

/// A third of a frame, as a telephone shows it, with writing over it.
fn tall(frame: &GrayImage, left: u32) -> GrayImage {
    let third = imageops::crop_imm(frame, left, 0, HEIGHT * 9 / 16, HEIGHT).to_image();
    let mut shown = imageops::resize(&third, 324, 576, FilterType::Triangle);
    for (line, level) in [(420, 250), (460, 10)] {
        imageops::overlay(&mut shown, &GrayImage::from_pixel(240, 20, Luma([level])), 30, line);
    }
    shown
}

#[test]
fn a_third_of_a_frame_is_found_by_pixels_and_not_by_hashes() {
    let frames = frames(1);
    let picture = tall(&frames[42], 60);
    assert_eq!(find(&picture, &footage(1).1).verdict, StillVerdict::CantTell);
    let found = find_by_pixels(&picture, &frames);
    assert_eq!(found.verdict, StillVerdict::Found, "{found:?}");
    let at = &found.at[0];
    assert!((at.time - 4.2).abs() <= 0.2 && at.stretch[0] <= 4.2 && 4.2 <= at.stretch[1], "{found:?}");
    assert_near(at.view, [60.0 / 192.0, 0.0, 81.0 / 192.0, 1.0]);
    assert_near(at.still_view, [0.0, 0.0, 1.0, 1.0]);
    assert_eq!((at.mirrored, at.turned, at.distance_bits), (false, 0, None));
}

#[test]
fn a_small_picture_in_a_corner_is_found_by_pixels() {
    let frames = frames(2);
    let mut page = imageops::resize(&Scene::new(3, true).frame(0), 640, 480, FilterType::Triangle);
    imageops::overlay(&mut page, &frames[17], 430, 320);
    let found = find_by_pixels(&page, &frames);
    assert_eq!(found.verdict, StillVerdict::Found, "{found:?}");
    assert!((found.at[0].time - 1.7).abs() <= 0.2, "{found:?}");
    assert_near(found.at[0].view, [0.0, 0.0, 1.0, 1.0]);
    assert_near(found.at[0].still_view, [430.0 / 640.0, 320.0 / 480.0, 0.3, 0.3]);
}

#[test]
fn before_a_fixed_camera_pixels_give_a_stretch() {
    let scene = Scene::new(4, false);
    let frames: Vec<GrayImage> = (0..FRAMES).map(|i| scene.frame(i)).collect();
    let found = find_by_pixels(&tall(&frames[0], 30), &frames);
    assert_eq!((found.verdict, found.reason), (StillVerdict::Found, StillReason::StretchLooksSame));
    assert_eq!(found.at[0].stretch, [0.0, (FRAMES - 1) as f64 / FPS as f64]);
}

#[test]
fn pixels_are_looked_for_in_the_picture_that_a_player_shows() {
    let frames = frames(5);
    let turned: Vec<GrayImage> = frames.iter().map(imageops::rotate270).collect();
    let mut video = scene::fingerprint(turned.iter().cloned());
    video.header.rotation = 90;
    let picture = tall(&frames[20], 90);
    let mut search = PixelSearch::new(&scene::file(&picture, ImageFormat::Jpeg), &video).unwrap();
    for _ in 0..2 {
        for frame in &turned {
            search.frame(&Plane::new(frame.as_raw(), HEIGHT, WIDTH, HEIGHT as usize, 8, Range::Full).unwrap());
        }
        search.again();
    }
    assert_near(search.finish().at[0].view, [90.0 / 192.0, 0.0, 81.0 / 192.0, 1.0]);
}

#[test]
fn pixels_that_are_not_there_are_not_found() {
    let frames = frames(6);
    for seed in 300..310 {
        let found = find_by_pixels(&tall(&Scene::new(seed, true).frame(0), 50), &frames);
        assert_eq!((found.verdict, found.reason), (StillVerdict::CantTell, StillReason::NoPixelsAgree), "{seed}");
    }
    let mut random = Random(7);
    let noise = GrayImage::from_fn(300, 300, |_, _| Luma([random.below(256) as u8]));
    let plain = GrayImage::from_pixel(300, 300, Luma([90]));
    for picture in [noise, plain, GrayImage::from_pixel(1, 1, Luma([0])), GrayImage::from_pixel(900, 2, Luma([9]))] {
        assert_eq!(find_by_pixels(&picture, &frames[..4]).verdict, StillVerdict::CantTell);
    }
}

#[test]
fn pixels_without_frames_or_with_too_many_have_an_answer() {
    let frames = frames(8);
    let picture = tall(&frames[0], 40);
    let video = scene::fingerprint(frames[..3].iter().cloned());
    let bytes = scene::file(&picture, ImageFormat::Png);
    assert_eq!(PixelSearch::new(&bytes, &video).unwrap().finish().verdict, StillVerdict::CantTell);
    let mut search = PixelSearch::new(&bytes, &video).unwrap();
    for _ in 0..2 {
        for frame in &frames[..9] {
            search.frame(&Plane::new(frame.as_raw(), WIDTH, HEIGHT, WIDTH as usize, 8, Range::Full).unwrap());
        }
        search.again();
    }
    let found = search.finish();
    assert!(found.at.iter().all(|at| at.stretch[1] <= 0.2), "{found:?}");
}

#[test]
fn a_part_that_a_person_chose_is_looked_for_alone() {
    let (scene, video) = footage(11);
    let others = [12, 13, 14].map(|seed| Scene::new(seed, true).frame(3));
    let page = collage([&others[0], &scene.frame(40), &others[1], &others[2]]);
    let bytes = scene::file(&page, ImageFormat::Png);
    let (width, height) = page.dimensions();
    let share = |pixels: u32, side: u32| f64::from(pixels) / f64::from(side);
    let place = [share(WIDTH + 10, width), 0.0, share(WIDTH, width), share(HEIGHT, height)];
    let found = still::find(&Still::read_part(&bytes, place).unwrap(), &video);
    assert_eq!(found.verdict, StillVerdict::Found, "{found:?}");
    assert_near(found.at[0].view, [0.0, 0.0, 1.0, 1.0]);
    assert_near(found.at[0].still_view, place);
    let other = [0.0, 0.0, share(WIDTH, width), share(HEIGHT, height)];
    assert_ne!(still::find(&Still::read_part(&bytes, other).unwrap(), &video).verdict, StillVerdict::Found);
    for part in [[0.0; 4], [1.0, 1.0, 1.0, 1.0], [-5.0, 0.5, 9.0, f64::NAN]] {
        assert_ne!(still::find(&Still::read_part(&bytes, part).unwrap(), &video).verdict, StillVerdict::Found);
    }
}

#[test]
fn a_part_that_a_person_chose_is_looked_for_alone_by_pixels() {
    let frames = frames(2);
    let video = scene::fingerprint(frames.iter().cloned());
    let mut page = imageops::resize(&Scene::new(3, true).frame(0), 640, 480, FilterType::Triangle);
    imageops::overlay(&mut page, &frames[17], 430, 320);
    let bytes = scene::file(&page, ImageFormat::Png);
    let find = |part| looked_through(PixelSearch::of_part(&bytes, part, &video).unwrap(), &frames);
    let place = [430.0 / 640.0, 320.0 / 480.0, 0.3, 0.3];
    let found = find(place);
    assert_eq!(found.verdict, StillVerdict::Found, "{found:?}");
    assert!((found.at[0].time - 1.7).abs() <= 0.2, "{found:?}");
    assert_near(found.at[0].view, [0.0, 0.0, 1.0, 1.0]);
    assert_near(found.at[0].still_view, place);
    for part in [[0.0, 0.0, 0.6, 0.6], [0.0; 4], [1.0, 1.0, 1.0, 1.0], [-5.0, 0.5, 9.0, f64::NAN]] {
        assert_eq!(find(part).reason, StillReason::NoPixelsAgree, "{part:?}");
    }
}

#[test]
fn a_part_that_a_person_chose_is_never_said_to_be_absent() {
    let (_, video) = footage(11);
    let absent = (40..90).map(|seed| Scene::new(seed, true).frame(3)).find_map(|picture| {
        let bytes = scene::file(&picture, ImageFormat::Png);
        (still::find(&Still::read(&bytes).unwrap(), &video).verdict == StillVerdict::NotFound).then_some(bytes)
    });
    let bytes = absent.expect("some picture is said to be absent");
    let part = Still::read_part(&bytes, [0.0, 0.0, 1.0, 1.0]).unwrap();
    let found = still::find(&part, &video);
    assert_eq!((found.verdict, found.reason), (StillVerdict::CantTell, StillReason::MayBePart));
    assert_eq!((part.part(), Still::read(&bytes).unwrap().part()), (Some([0.0, 0.0, 1.0, 1.0]), None));
}
