def sum(x,y):
    return x+y

z = sum(10, 20)
