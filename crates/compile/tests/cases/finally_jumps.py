def jumps(items):
    for item in items:
        try:
            with item:
                for inner in item:
                    if inner:
                        return inner
                    elif item:
                        break
                    continue
        finally:
            try:
                item.close()
            except OSError:
                continue
