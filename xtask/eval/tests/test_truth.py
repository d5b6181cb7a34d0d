"""What one edit after the other comes to."""

import os
import random
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from edits.truth import WHOLE, Picture, compose, described, middle, picture_at, with_pictures  # noqa: E402


def some_rect(rng):
    """A rectangle within the picture."""
    w, h = rng.uniform(.3, 1), rng.uniform(.3, 1)
    return [rng.uniform(0, 1 - w), rng.uniform(0, 1 - h), w, h]


def some_picture(rng):
    """Any map."""
    return Picture(some_rect(rng), some_rect(rng), rng.random() < .5, rng.choice([0, 90, 180, 270]))


def stretch(copy, source, **geometry):
    """A stretch of a copy; nothing for the source means unrelated."""
    if source is None:
        return dict(copy_start=copy[0], copy_end=copy[1], src_start=None, src_end=None, speed=None)
    speed = (source[1] - source[0]) / (copy[1] - copy[0])
    whole = dict(described(Picture(WHOLE, WHOLE), []), **geometry)
    return dict(copy_start=copy[0], copy_end=copy[1], src_start=source[0], src_end=source[1], speed=speed,
                geometry=whole)


def moment(segments, time):
    """What is shown of the source at a time of the copy."""
    for segment in segments:
        if segment["copy_start"] <= time < segment["copy_end"]:
            if segment["src_start"] is None:
                return None
            return segment["src_start"] + (time - segment["copy_start"]) * segment["speed"]
    return None


class Pictures(unittest.TestCase):
    def test_a_point_lies_where_the_second_edit_puts_what_the_first_put(self):
        rng, compared = random.Random(1), 0
        for _ in range(500):
            early, late = some_picture(rng), some_picture(rng)
            both = late.after(early)
            if not both:
                continue
            for _ in range(5):
                x, y = (both.view[i] + rng.random() * both.view[i + 2] for i in (0, 1))
                for found, expected in zip(both.forward(x, y), late.forward(*early.forward(x, y))):
                    self.assertAlmostEqual(found, expected)
                compared += 1
        self.assertGreater(compared, 1000)

    def test_only_what_both_edits_leave_is_seen(self):
        crop = Picture([.25, 0, .5, 1], WHOLE)
        inset = Picture(WHOLE, [0, 0, .5, .5])
        both = crop.after(inset)
        self.assertEqual((both.view, both.placed), ([.5, 0, .5, 1], [0, 0, .5, .5]))
        self.assertIsNone(Picture([.6, .6, .4, .4], WHOLE).after(inset))

    def test_a_way_back_leads_to_where_one_came_from(self):
        rng = random.Random(2)
        for _ in range(200):
            picture, point = some_picture(rng), (rng.random(), rng.random())
            for found, expected in zip(picture.backward(*picture.forward(*point)), point):
                self.assertAlmostEqual(found, expected)


class Times(unittest.TestCase):
    def assert_composed(self, late, early):
        both = compose(late, early)
        end = max(segment["copy_end"] for segment in late)
        for i in range(400):
            time = end * (i + .5) / 400
            between = moment(late, time)
            expected = None if between is None else moment(early, between)
            found = moment(both, time)
            if expected is None or found is None:
                near = [moment(early, between + d) for d in (-.01, .01)] if between is not None else [None]
                self.assertTrue(found is None and expected is None or None in near, time)
            else:
                self.assertAlmostEqual(found, expected, delta=.02)
        return both

    def test_pieces_of_a_slow_copy_that_is_played_backwards(self):
        early = [stretch([0, 4], [0, 4]), stretch([4, 12], [4, 8]), stretch([12, 16], [8, 12])]
        both = self.assert_composed([stretch([0, 10], [14, 4])], early)
        self.assertEqual([segment["speed"] for segment in both], [-1.0, -.5])
        self.assertEqual([both[0]["src_start"], both[0]["src_end"], both[1]["src_end"]], [10, 8, 4])

    def test_a_loop_of_shuffled_pieces_with_something_else_between(self):
        early = [stretch([0, 3], [5, 8]), stretch([3, 5], None), stretch([5, 9], [0, 4])]
        late = [stretch([a, a + 7], [1, 8]) for a in (0, 7, 14)]
        both = self.assert_composed(late, early)
        self.assertEqual(len(both), 9)

    def test_a_frozen_moment_stays_frozen_at_the_right_moment(self):
        early = [stretch([0, 5], [10, 20])]
        both = compose([stretch([0, 2], [0, 2]), stretch([2, 5], [2, 2]), stretch([5, 8], [2, 5])], early)
        self.assertEqual([(s["src_start"], s["src_end"], s["speed"]) for s in both],
                         [(10, 14, 2), (14, 14, 0), (14, 20, 2)])

    def test_unrelated_material_stays_so(self):
        both = compose([stretch([0, 5], None), stretch([5, 9], [0, 4])], [stretch([0, 4], [1, 5])])
        self.assertEqual([s["src_start"] for s in both], [None, 1])


class Windows(unittest.TestCase):
    def test_two_windows_that_move_are_where_one_follows_from_the_other(self):
        zoom = [[0, [0, 0, 1, 1], WHOLE], [8, [.3, .2, .6, .6], WHOLE]]
        pan = [[0, [0, 0, .4, 1], WHOLE], [3, [.6, 0, .4, 1], WHOLE], [8, [.1, 0, .4, 1], WHOLE]]
        early, late = [stretch([0, 8], [0, 8], moves=zoom)], [stretch([0, 4], [8, 0], moves=pan)]
        both, = compose(late, early)
        for time in (0.1, 1.3, 2.0, 3.9):
            expected = picture_at(late[0]["geometry"], time).after(picture_at(early[0]["geometry"], 8 - 2 * time))
            for found, right in zip(picture_at(both["geometry"], time).view, expected.view):
                self.assertAlmostEqual(found, right, delta=.01)

    def test_what_a_window_leaves_for_a_while_is_no_source_then(self):
        inset = [stretch([0, 10], [0, 10], placed=[0, 0, .4, .4])]
        pan = [[0, [0, 0, .5, 1], WHOLE], [10, [.5, 0, .5, 1], WHOLE]]
        both = compose([stretch([0, 10], [0, 10], moves=pan)], inset)
        self.assertTrue(all(s["src_start"] is not None for s in both if middle(s) < 6))
        self.assertIsNone(both[-1]["src_start"])

    def test_each_stretch_has_the_part_of_the_way_that_is_its_own(self):
        geometry = dict(src_view=[0, 0, 1, 1], placed=WHOLE, mirror=False, rotate=0, quad=None,
                        moves=[[0, [0, 0, .5, 1], WHOLE], [10, [.5, 0, .5, 1], WHOLE]])
        first, second = with_pictures([stretch([0, 4], [0, 4]), stretch([4, 10], [6, 12])], geometry)
        self.assertEqual([key[0] for key in second["geometry"]["moves"]], [4, 10])
        self.assertAlmostEqual(first["geometry"]["src_view"][0], .1)
        self.assertAlmostEqual(second["geometry"]["src_view"][0], .35)

    def test_two_negatives_make_a_positive_and_corners_go_through_both_edits(self):
        quad = [[.1, .1], [.9, .2], [.1, .9], [.9, .8]]
        early = [stretch([0, 5], [0, 5], inverted=True, placed=[0, .25, 1, .5])]
        both, = compose([stretch([0, 5], [0, 5], inverted=True, quad=quad, approximate=True, placed=[.1, .1, .8, .8])],
                        early)
        self.assertFalse(both["geometry"]["inverted"])
        self.assertTrue(both["geometry"]["approximate"])
        left_top = both["geometry"]["quad"][0]
        self.assertAlmostEqual(left_top[0], .1)
        self.assertTrue(.25 < left_top[1] < .35)


if __name__ == "__main__":
    unittest.main()
