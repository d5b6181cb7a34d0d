"""Points and corners."""

from .recipe import rounded


def homography(source, target):
    """The projective map that takes four points to four others."""
    rows = []
    for (x, y), (u, v) in zip(source, target):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for i in range(8):
        pivot = max(range(i, 8), key=lambda row: abs(rows[row][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for row in range(8):
            if row != i and rows[row][i]:
                factor = rows[row][i]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[i])]
    h = [rows[i][8] for i in range(8)] + [1.0]

    def apply(x, y):
        below = h[6] * x + h[7] * y + 1
        return (h[0] * x + h[1] * y + h[2]) / below, (h[3] * x + h[4] * y + h[5]) / below
    return apply


def bounds(points):
    """The rectangle around points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return rounded([min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)])
