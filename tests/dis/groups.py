try:
    work()
except* ValueError as errors:
    print(errors)
except* (TypeError, OSError):
    raise
finally:
    done()
