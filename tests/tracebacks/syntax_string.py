text = "abc
