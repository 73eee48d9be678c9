def fail(text):
    error = ValueError(text)
    error.add_note("a note\nof two lines")
    raise error


errors = []
for text in "ab":
    try:
        fail(text)
    except ValueError as error:
        errors.append(error)
raise ExceptionGroup("several", [*errors, ExceptionGroup("nested", [KeyError("k"), OSError(2, "gone", "file")])])
