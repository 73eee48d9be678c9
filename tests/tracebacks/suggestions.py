import collections


class Thing:
    colour = 1

    def method(self):
        return color


thing_list = [1]
for action in (
    lambda: Thing().color,
    lambda: Thing().method(),
    lambda: thing_lst,
    lambda: collections.Count,
    lambda: sys.path,
    lambda: Thing(colour=1),
    lambda: print(1, ends=""),
):
    try:
        action()
    except Exception as error:
        import traceback

        print(traceback.format_exception_only(error)[-1], end="")
import collection
