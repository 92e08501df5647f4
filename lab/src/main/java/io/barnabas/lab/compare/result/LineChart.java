// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.result;

import io.barnabas.lab.compare.cluster.Product;
import java.util.Map;
import java.util.NavigableMap;
import java.util.stream.Collectors;

/** How a figure grows with an amount, a line for each system, both axes from zero. */
final class LineChart {
    private static final double WIDTH = 420;
    private static final double HEIGHT = 230;
    private static final double LEFT = 52;
    private static final double RIGHT = 405;
    private static final double TOP = 12;
    private static final double BOTTOM = 195;
    private static final int TICKS = 4;

    private final String label;
    private final String amount;
    private final Map<Product, NavigableMap<Integer, Spread>> lines;

    /**
     * @param amount what the horizontal axis counts
     * @param lines each system's figure by amount
     */
    LineChart(String label, String amount, Map<Product, NavigableMap<Integer, Spread>> lines) {
        this.label = label;
        this.amount = amount;
        this.lines = lines;
    }

    String draw() {
        double mostX =
                lines.values().stream().mapToInt(NavigableMap::lastKey).max().orElse(1);
        double mostY = niceAbove(lines.values().stream()
                .flatMap(line -> line.values().stream())
                .mapToDouble(Spread::most)
                .max()
                .orElse(1));
        Svg svg = new Svg(WIDTH, HEIGHT, label);
        for (int tick = 0; tick <= TICKS; tick++) {
            double y = BOTTOM - (BOTTOM - TOP) * tick / TICKS;
            svg.line(LEFT, y, RIGHT, y, tick == 0 ? "axis" : "grid");
            svg.text(LEFT - 6, y + 4, "name", tick == 0 ? "0" : Metric.format(mostY * tick / TICKS));
        }
        lines.values().stream()
                .flatMap(line -> line.keySet().stream())
                .distinct()
                .forEach(x -> svg.text(x(x, mostX), BOTTOM + 16, "tick", Metric.format(x)));
        svg.text((LEFT + RIGHT) / 2, BOTTOM + 32, "tick", amount);
        lines.forEach((product, line) -> drawLine(svg, product, line, mostX, mostY));
        return svg.close();
    }

    private static void drawLine(
            Svg svg, Product product, NavigableMap<Integer, Spread> line, double mostX, double mostY) {
        svg.path(
                line.entrySet().stream()
                        .map(point -> Svg.point(
                                x(point.getKey(), mostX), y(point.getValue().median(), mostY)))
                        .collect(Collectors.joining(" ")),
                "stroke " + product.id());
        line.forEach((amount, spread) -> {
            double x = x(amount, mostX);
            svg.line(x, y(spread.least(), mostY), x, y(spread.most(), mostY), "whisker");
            svg.dot(
                    x,
                    y(spread.median(), mostY),
                    "fill " + product.id(),
                    product.title() + ", " + Metric.format(amount) + ": " + spread);
        });
    }

    private static double x(double amount, double most) {
        return LEFT + (RIGHT - LEFT - 12) * amount / most;
    }

    private static double y(double figure, double most) {
        return BOTTOM - (BOTTOM - TOP) * figure / most;
    }

    /** The next of 1, 2, 4, 8 times a power of ten, so that quarters are round. */
    private static double niceAbove(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(value, 1e-9))));
        for (double step : new double[] {1, 2, 4, 6, 8, 10}) {
            if (step * power >= value) {
                return step * power;
            }
        }
        return 10 * power;
    }
}
