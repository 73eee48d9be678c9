class Shape:
    def __init__(self, width):
        self.width = width


def area(shapes, factor=2):
    total = 0
    for shape in shapes:
        if shape.width is not None:
            total += shape.width * factor
    return len(shapes), total


print(area([Shape(3), Shape(None), Shape(1.5)]))
