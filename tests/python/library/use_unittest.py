"""Test cases, fixtures, sub-tests, skips, mocks, and what the runner reports."""

import io
import os
import re
import unittest
from unittest import mock


class Arithmetic(unittest.TestCase):
    def setUp(self):
        self.log = []

    def test_passes(self):
        self.assertEqual(1 + 1, 2)
        self.assertIn(3, [1, 2, 3])
        with self.assertRaisesRegex(ZeroDivisionError, "by zero"):
            1 / 0

    def test_fails(self):
        self.assertEqual({"a": 1}, {"a": 2})

    def test_errors(self):
        raise RuntimeError("boom")

    @unittest.skip("not today")
    def test_skipped(self):
        pass

    @unittest.expectedFailure
    def test_expected(self):
        self.fail()

    def test_subtests(self):
        for i in range(3):
            with self.subTest(i=i):
                self.assertNotEqual(i, 1)

    def test_mock(self):
        target = mock.Mock(return_value=3, side_effect=None)
        self.assertEqual(target(1, key=2), 3)
        target.assert_called_once_with(1, key=2)
        with mock.patch("os.getcwd", return_value="/nowhere"):
            self.assertEqual(os.getcwd(), "/nowhere")
        self.assertEqual(mock.MagicMock().__len__(), 0)


out = io.StringIO()
suite = unittest.defaultTestLoader.loadTestsFromTestCase(Arithmetic)
result = unittest.TextTestRunner(out, verbosity=2).run(suite)
print(re.sub(r"in \d+\.\d+s", "in TIMEs", re.sub(r'File ".*?"', 'File "F"', out.getvalue())))
print(result, result.wasSuccessful())
