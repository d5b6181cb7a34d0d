//! Pairs of points of two pictures -> the transform on which most of them agree.
//!
//! A transform is a homography: it covers crops, borders, squeezing, turns by any angle, and a screen that is filmed at
//! an angle (Hartley and Zisserman, *Multiple View Geometry*, 2004, chapter 4).

/// How far a pair may lie from where another's map puts it, pixels, and for each pixel that the two are apart: sizes are
/// known to a fifth, and pictures may be turned a little. By reason.
const LOOSE: [f64; 2] = [3.0, 0.16];
/// How far a pair may lie from where the map of many puts it, pixels, round by round. By trial.
const ROUNDS: [f64; 5] = [9.0, 6.0, 4.0, 3.0, 3.0];
/// The fewest pairs from which a transform is made. Bounds work: chance gives these.
const LEAST_PAIRS: usize = 8;
/// From so many pairs on a homography is tried: it has eight numbers. By reason.
const PAIRS_OF_HOMOGRAPHY: usize = 24;
/// It is taken if this share more pairs agree on it, or errors fall to this share. By trial.
const MORE_PAIRS: f64 = 1.1;
/// See [`MORE_PAIRS`].
const LESS_ERROR: f64 = 0.7;
/// A pivot below this is none: the equations have no solution, or many. Chosen: far below what pairs a pixel apart give.
const SINGULAR: f64 = 1e-9;
/// A picture is at most so many times as large in the other. By reason: below a twelfth nothing is left to see.
const LARGEST: f64 = 12.0;
/// And at most so many times as wide for its height. By reason: 21:9 squeezed to 9:16 is 4.
const MOST_SQUEEZED: f64 = 4.5;

/// A point of one picture and the one of another that looks like it, pixels.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    pub from: [f64; 2],
    pub to: [f64; 2],
    /// How many pixels of the second one of the first is.
    pub scale: f64,
}

/// Where points of one picture lie in another: a homography, row by row; the last number is 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transform(pub [f64; 9]);

impl Transform {
    /// Where a point lies.
    pub fn at(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let h = &self.0;
        let depth = h[6] * x + h[7] * y + h[8];
        [(h[0] * x + h[1] * y + h[2]) / depth, (h[3] * x + h[4] * y + h[5]) / depth]
    }

    /// The one that puts four points onto four others; `None` if three of them lie on a line.
    pub fn through(from: &[[f64; 2]; 4], to: &[[f64; 2]; 4]) -> Option<Self> {
        let pairs: [Pair; 4] = std::array::from_fn(|i| Pair { from: from[i], to: to[i], scale: 1.0 });
        homography(&pairs)
    }

    /// The way back; `None` if it puts the picture onto a line.
    pub fn inverse(&self) -> Option<Self> {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        let cofactors = [
            e * i - f * h,
            c * h - b * i,
            b * f - c * e,
            f * g - d * i,
            a * i - c * g,
            c * d - a * f,
            d * h - e * g,
            b * g - a * h,
            a * e - b * d,
        ];
        let last = cofactors[8];
        (last.abs() > f64::EPSILON).then(|| Self(cofactors.map(|cofactor| cofactor / last)))
    }

    fn moved(from: [f64; 2], to: [f64; 2], scale: f64) -> Self {
        Self([scale, 0.0, to[0] - scale * from[0], 0.0, scale, to[1] - scale * from[1], 0.0, 0.0, 1.0])
    }

    /// How far it puts a pair's first point from the second, pixels of the coarser picture.
    fn error(&self, pair: &Pair) -> f64 {
        let at = self.at(pair.from);
        let [x, y] = [at[0] - pair.to[0], at[1] - pair.to[1]];
        let away = (x * x + y * y).sqrt() / self.scale().max(1.0);
        if away.is_nan() { f64::INFINITY } else { away }
    }

    /// How many times as long lengths become, near the picture's corner.
    fn scale(&self) -> f64 {
        let h = &self.0;
        (h[0] * h[4] - h[1] * h[3]).abs().sqrt()
    }

    /// Whether editing can have made it: not mirrored, not too small, not too much squeezed.
    fn is_likely(&self) -> bool {
        let h = &self.0;
        let lengths = [(h[0] * h[0] + h[3] * h[3]).sqrt(), (h[1] * h[1] + h[4] * h[4]).sqrt()];
        let sizes = 1.0 / LARGEST..=LARGEST;
        let squeezed = lengths[0] / lengths[1];
        h[0] * h[4] > h[1] * h[3]
            && lengths.iter().all(|length| sizes.contains(length))
            && (1.0 / MOST_SQUEEZED..=MOST_SQUEEZED).contains(&squeezed)
    }
}

/// The transform on which most of the pairs agree, and how many do. `None` if these are few.
pub fn agreed(pairs: &[Pair]) -> Option<(Transform, usize)> {
    let mut near = seed(pairs);
    let mut found = affine(&near)?;
    for pixels in ROUNDS {
        near = agreeing(pairs, &found, pixels);
        found = affine(&near).filter(Transform::is_likely)?;
    }
    let tight = ROUNDS[ROUNDS.len() - 1];
    near = agreeing(pairs, &found, tight);
    if let Some((bent, bent_near)) = bent(pairs, &near, tight) {
        let is_more = bent_near.len() as f64 >= MORE_PAIRS * near.len() as f64;
        let error = |of: &Transform, pairs: &[Pair]| pairs.iter().map(|pair| of.error(pair)).sum::<f64>();
        if is_more || bent_near.len() >= near.len() && error(&bent, &bent_near) <= LESS_ERROR * error(&found, &near) {
            (found, near) = (bent, bent_near);
        }
    }
    (near.len() >= LEAST_PAIRS).then_some((found, near.len()))
}

fn agreeing(pairs: &[Pair], on: &Transform, pixels: f64) -> Vec<Pair> {
    pairs.iter().filter(|pair| on.error(pair) <= pixels).copied().collect()
}

/// The homography of the pairs that are `near`, and of those near to that.
fn bent(pairs: &[Pair], near: &[Pair], pixels: f64) -> Option<(Transform, Vec<Pair>)> {
    let mut near = near.to_vec();
    let mut found = None;
    for _ in 0..2 {
        if near.len() < PAIRS_OF_HOMOGRAPHY {
            return None;
        }
        let transform = homography(&near).filter(Transform::is_likely)?;
        near = agreeing(pairs, &transform, pixels);
        found = Some(transform);
    }
    found.map(|transform| (transform, near))
}

/// The pairs that agree loosely on one of them: on the one on which most do.
fn seed(pairs: &[Pair]) -> Vec<Pair> {
    let agrees = |seed: &Pair, pair: &Pair| {
        let map = Transform::moved(seed.from, seed.to, seed.scale);
        let at = map.at(pair.from);
        let apart = (pair.from[0] - seed.from[0]).abs() + (pair.from[1] - seed.from[1]).abs();
        let slack = (LOOSE[0] + LOOSE[1] * apart) * seed.scale.max(1.0);
        (at[0] - pair.to[0]).abs() <= slack && (at[1] - pair.to[1]).abs() <= slack
    };
    let mut best: (usize, Option<&Pair>) = (0, None);
    for seed in pairs {
        let count = pairs.iter().filter(|pair| agrees(seed, pair)).count();
        if count > best.0 {
            best = (count, Some(seed));
        }
    }
    best.1.map_or(Vec::new(), |seed| pairs.iter().filter(|pair| agrees(seed, pair)).copied().collect())
}

/// The affine transform nearest to all pairs, by least squares.
fn affine(pairs: &[Pair]) -> Option<Transform> {
    if pairs.len() < LEAST_PAIRS {
        return None;
    }
    let axis = |axis: usize| {
        let mut equations = Equations::of(3);
        for pair in pairs {
            equations.add(&[pair.from[0], pair.from[1], 1.0, pair.to[axis]]);
        }
        equations.solved()
    };
    let (across, down) = (axis(0)?, axis(1)?);
    Some(Transform([across[0], across[1], across[2], down[0], down[1], down[2], 0.0, 0.0, 1.0]))
}

/// The homography nearest to all pairs, by least squares of the linear equations.
fn homography(pairs: &[Pair]) -> Option<Transform> {
    // Numbers of about 1 keep the equations well conditioned (Hartley, *In Defense of the Eight-Point Algorithm*, 1997).
    let [from, to] = [|pair: &Pair| pair.from, |pair: &Pair| pair.to].map(|place| Frame::of(pairs.iter().map(place)));
    let mut equations = Equations::of(8);
    for pair in pairs {
        let ([x, y], [u, v]) = (from.inside(pair.from), to.inside(pair.to));
        equations.add(&[x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u]);
        equations.add(&[0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v]);
    }
    let [a, b, c, d, e, f, g, h] = equations.solved()?;
    let inner = [a, b, c, d, e, f, g, h, 1.0];
    let whole = product(&to.outwards(), &product(&inner, &from.inwards()));
    (whole[8].abs() > f64::EPSILON).then(|| Transform(whole.map(|number| number / whole[8])))
}

/// Where points lie, and how far they are spread.
struct Frame {
    middle: [f64; 2],
    spread: f64,
}

impl Frame {
    fn of(points: impl Iterator<Item = [f64; 2]> + Clone) -> Self {
        let count = points.clone().count().max(1) as f64;
        let sum = points.clone().fold([0.0; 2], |sum, at| [sum[0] + at[0], sum[1] + at[1]]);
        let middle = sum.map(|sum| sum / count);
        let away = |at: [f64; 2]| (at[0] - middle[0]).abs() + (at[1] - middle[1]).abs();
        Self { middle, spread: (points.map(away).sum::<f64>() / count).max(1.0) }
    }

    fn inside(&self, at: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|axis| (at[axis] - self.middle[axis]) / self.spread)
    }

    fn inwards(&self) -> [f64; 9] {
        let [x, y] = self.middle.map(|at| -at / self.spread);
        [1.0 / self.spread, 0.0, x, 0.0, 1.0 / self.spread, y, 0.0, 0.0, 1.0]
    }

    fn outwards(&self) -> [f64; 9] {
        [self.spread, 0.0, self.middle[0], 0.0, self.spread, self.middle[1], 0.0, 0.0, 1.0]
    }
}

fn product(a: &[f64; 9], b: &[f64; 9]) -> [f64; 9] {
    std::array::from_fn(|i| (0..3).map(|k| a[i / 3 * 3 + k] * b[k * 3 + i % 3]).sum())
}

/// The most unknowns of [`Equations`]: a homography's.
const UNKNOWNS: usize = 8;

/// Normal equations of linear least squares: each row is followed by what it comes to.
struct Equations {
    rows: [[f64; UNKNOWNS + 1]; UNKNOWNS],
    unknowns: usize,
}

impl Equations {
    fn of(unknowns: usize) -> Self {
        Self { rows: [[0.0; UNKNOWNS + 1]; UNKNOWNS], unknowns }
    }

    /// Adds one equation: a factor for each unknown, and what their sum comes to.
    fn add(&mut self, equation: &[f64]) {
        for (row, factor) in self.rows.iter_mut().zip(equation).take(self.unknowns) {
            row.iter_mut().zip(equation).for_each(|(sum, other)| *sum += factor * other);
        }
    }

    /// The unknowns, by elimination with row pivots, the first of [`UNKNOWNS`]. `None` if there are none or many.
    fn solved(mut self) -> Option<[f64; UNKNOWNS]> {
        let (rows, count) = (&mut self.rows, self.unknowns);
        for column in 0..count {
            let pivot = (column..count).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
            if rows[pivot][column].abs() < SINGULAR {
                return None;
            }
            rows.swap(column, pivot);
            for row in column + 1..count {
                let share = rows[row][column] / rows[column][column];
                (column..=count).for_each(|k| rows[row][k] -= share * rows[column][k]);
            }
        }
        let mut found = [0.0; UNKNOWNS];
        for row in (0..count).rev() {
            let rest: f64 = (row + 1..count).map(|k| rows[row][k] * found[k]).sum();
            found[row] = (rows[row][count] - rest) / rows[row][row];
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::testing::scrambled;

    /// A number below `limit` that looks random.
    fn any(seed: usize, limit: f64) -> f64 {
        scrambled(seed) as f64 / u64::MAX as f64 * limit
    }

    /// Pairs of which `same` lie where `on` puts them, within half a pixel, and as many again anywhere.
    fn pairs(on: &Transform, scale: f64, same: usize) -> Vec<Pair> {
        let pair = |i: usize| {
            let from = [any(9 * i, 256.0), any(9 * i + 1, 144.0)];
            let off = [any(9 * i + 2, 1.0) - 0.5, any(9 * i + 3, 1.0) - 0.5];
            let at = on.at(from);
            let anywhere = [any(9 * i + 4, 256.0), any(9 * i + 5, 144.0)];
            let to = if i < same { [0, 1].map(|axis| at[axis] + off[axis]) } else { anywhere };
            // Sizes are known to a fifth.
            Pair { from, to, scale: scale * (0.85 + any(9 * i + 6, 0.3)) }
        };
        (0..2 * same).map(pair).collect()
    }

    fn corners() -> [[f64; 2]; 4] {
        [[0.0, 0.0], [256.0, 0.0], [256.0, 144.0], [0.0, 144.0]]
    }

    fn furthest(a: &Transform, b: &Transform) -> f64 {
        let apart = |corner| {
            let (a, b) = (a.at(corner), b.at(corner));
            (a[0] - b[0]).abs().max((a[1] - b[1]).abs())
        };
        corners().map(apart).into_iter().fold(0.0, f64::max)
    }

    #[test]
    fn crops_squeezes_turns_and_screens_at_an_angle_are_found_among_chance() {
        let (sin, cos) = (0.139, 0.990);
        let cases = [
            ([1.4, 0.0, -60.0, 0.0, 1.4, -20.0, 0.0, 0.0, 1.0], 1.4),
            ([0.75, 0.0, 10.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0], 0.87),
            ([cos, -sin, 12.0, sin, cos, -8.0, 0.0, 0.0, 1.0], 1.0),
            ([0.7, 0.05, 30.0, 0.02, 0.66, 20.0, 0.0004, 0.0001, 1.0], 0.7),
        ];
        for (numbers, scale) in cases {
            let on = Transform(numbers);
            let (found, count) = agreed(&pairs(&on, scale, 80)).unwrap();
            assert!(count >= 76 && furthest(&found, &on) < 1.5, "{numbers:?}: {count}, {}", furthest(&found, &on));
        }
    }

    #[test]
    fn chance_agrees_on_little_and_few_pairs_on_nothing() {
        let on = Transform([1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
        let anywhere = pairs(&on, 1.0, 100).split_off(100);
        assert!(agreed(&anywhere).is_none_or(|(_, count)| count < 16));
        assert!(agreed(&pairs(&on, 1.0, 100)[..LEAST_PAIRS - 1]).is_none() && agreed(&[]).is_none());
        // All at one place.
        assert!(agreed(&[Pair { from: [5.0, 5.0], to: [9.0, 9.0], scale: 1.0 }; 40]).is_none());
    }

    #[test]
    fn what_no_editing_makes_is_not_found() {
        // Mirrored; and thirteen times as large.
        for (numbers, scale) in [
            ([-1.0, 0.0, 256.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0], 1.0),
            ([13.0, 0.0, 0.0, 0.0, 13.0, 0.0, 0.0, 0.0, 1.0], 13.0),
        ] {
            assert!(agreed(&pairs(&Transform(numbers), scale, 80)).is_none_or(|(_, count)| count < 24));
        }
    }

    #[test]
    fn through_four_points_and_back() {
        let to = [[20.0, 10.0], [230.0, 25.0], [220.0, 140.0], [15.0, 120.0]];
        let there = Transform::through(&corners(), &to).unwrap();
        let back = there.inverse().unwrap();
        for (corner, at) in corners().iter().zip(to) {
            let (found, again) = (there.at(*corner), back.at(at));
            assert!((0..2).all(|i| (found[i] - at[i]).abs() < 1e-6 && (again[i] - corner[i]).abs() < 1e-6));
        }
        let line = [[0.0, 0.0], [10.0, 0.0], [20.0, 0.0], [30.0, 0.0]];
        assert!(Transform::through(&corners(), &line).is_none_or(|flat| flat.inverse().is_none()));
        assert!(Transform::through(&line, &corners()).is_none());
    }
}
