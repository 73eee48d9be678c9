class Shape:
    def begin(this, width):
        this.left = this.top = this.height = None
        this.width = width


# As for a data class, the compiler does not know of the attributes, and the first instances have room for them all the same.
Shape.__init__ = Shape.begin


def area(shapes, factor=2):
    total = 0
    for shape in shapes:
        if shape.width is not None:
            total += shape.width * factor
    return len(shapes), total


print(area([Shape(3), Shape(None), Shape(1.5)]))
