"""Which edits there are, and that the classic ones stay the same."""

import hashlib
import json
import os
import random
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

import edit  # noqa: E402
from edits import augly, chains  # noqa: E402
from edits.make import Source, planned, times  # noqa: E402
from edits.recipe import CLASSIC, WILD  # noqa: E402


def source(w, h, fps, duration):
    """A source that need not be there."""
    out = Source.__new__(Source)
    out.path, out.seed, out.digest, out.stem = "clip.mp4", 1, "0" * 64, "clip"
    out.facts = dict(w=w, h=h, fps=fps, dur=duration, use=duration)
    out.unrelated = dict(file="other.mp4", sha256="1" * 64)
    return out


class Recipes(unittest.TestCase):
    def test_the_classic_edits_do_what_they_did_when_the_tables_were_made(self):
        digest = hashlib.sha256()
        for of in (source(640, 480, 30.0, 2.9), source(720, 1280, 25.0, 17.0)):
            for name, function in CLASSIC.items():
                copy = of.plan(name, function)
                truth = planned(of, copy, "copy.mp4", times(copy, of.unrelated))
                digest.update(json.dumps([truth, copy.crf, copy.extra], sort_keys=True).encode())
        self.assertEqual(digest.hexdigest(),
                         "1f5c8e8b27ba7b3677ea0159edf9efa10caeba99ca38d758f6acb40c30f24fc1")

    def test_every_edit_of_auglys_catalogue_is_there(self):
        self.assertEqual([name for name in augly.CATALOGUE.values() if name not in edit.SETS["all"]], [])
        made = {name for name in WILD if name.startswith("aug_")}
        self.assertEqual(made - set(augly.CATALOGUE.values()), {"aug_blend_25"})

    def test_no_two_edits_share_a_name(self):
        self.assertEqual(len(edit.SETS["all"]), len(set(edit.SETS["all"])))
        self.assertEqual(len(edit.SETS["all"]), len(CLASSIC) + len(WILD) + 16)

    def test_every_edit_can_be_planned_for_any_shape_and_length(self):
        for of in (source(512, 288, 30.0, 30.0), source(288, 512, 10.0, 2.4), source(320, 240, 60.0, 9.0)):
            for name, function in list(CLASSIC.items()) + list(WILD.items()):
                copy = of.plan(name, function)
                ends = [segment["copy"] for segment in copy.all_segments()]
                self.assertEqual(ends[0][0], 0, name)
                self.assertTrue(all(a[1] == b[0] for a, b in zip(ends, ends[1:])), name)
                self.assertTrue(copy.w % 2 == 0 and copy.h % 2 == 0, name)


class Chains(unittest.TestCase):
    def test_the_edits_of_a_chain_are_compatible(self):
        kind_of = {name: kind for kind, names in chains.kinds().items() for name in names}
        rng, seen = random.Random(1), set()
        for turn in range(3000):
            names = chains.draw(rng, 2 + turn % 2)
            kinds = [kind_of[name] for name in names]
            self.assertEqual(len(set(kinds)), len(kinds), names)
            self.assertLessEqual(sum(chains.is_hard(name) for name in names), 1, names)
            ranks = [chains.ORDER[kind] for kind in kinds if kind in chains.ORDER]
            self.assertEqual(ranks, sorted(ranks), names)
            seen.update(names)
        self.assertEqual(seen, set(kind_of))

    def test_every_edit_has_a_kind(self):
        known = {name for names in chains.kinds().values() for name in names}
        # Encoded alike, scaled up, or chains themselves.
        left_out = {"reenc_crf23", "scale_360p", "fps_25", "trim_rand5s", "chain_x3", "combo_social"}
        self.assertEqual((set(CLASSIC) | set(WILD)) - known, left_out)


if __name__ == "__main__":
    unittest.main()
