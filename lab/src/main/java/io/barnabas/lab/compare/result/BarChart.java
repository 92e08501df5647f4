// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.result;

import io.barnabas.lab.compare.cluster.Product;
import java.util.List;
import java.util.Map;

/**
 * Lying bars, one for each system, in groups: medians, with a whisker from the least to the most where rounds differ, and
 * a dashed line where a goal is.
 */
final class BarChart {
    private static final double WIDTH = 420;
    private static final double LEFT = 74;
    private static final double LONGEST = 250;
    private static final double BAR = 15;
    private static final double STEP = 20;
    private static final double VALUE = 50;
    private static final double GROUP_GAP = 10;
    private static final double TITLE = 18;

    private final String label;
    private final List<Group> groups;

    /**
     * @param title above the bars, empty for none
     * @param goal NaN for none
     */
    record Group(String title, Map<Product, Spread> bars, double goal) {}

    BarChart(String label, List<Group> groups) {
        this.label = label;
        this.groups = groups;
    }

    String draw() {
        double most = groups.stream()
                .flatMap(group -> group.bars().values().stream())
                .mapToDouble(Spread::most)
                .max()
                .orElse(1);
        most = Math.max(
                most,
                groups.stream()
                        .mapToDouble(Group::goal)
                        .filter(goal -> !Double.isNaN(goal))
                        .max()
                        .orElse(0));
        Svg svg = new Svg(WIDTH, height(), label);
        double y = 0;
        for (Group group : groups) {
            y = drawGroup(svg, group, y, LONGEST / (most > 0 ? most : 1));
        }
        return svg.close();
    }

    private double drawGroup(Svg svg, Group group, double top, double scale) {
        double y = top;
        if (!group.title().isEmpty()) {
            svg.text(0, y + 13, "case", group.title());
            y += TITLE;
        }
        double barsTop = y;
        for (Map.Entry<Product, Spread> each : group.bars().entrySet()) {
            drawBar(svg, each.getKey(), each.getValue(), y, scale, group.goal() * scale);
            y += STEP;
        }
        if (!Double.isNaN(group.goal())) {
            double x = LEFT + group.goal() * scale;
            svg.line(x, barsTop - 3, x, y - 2, "goal");
        }
        return y + GROUP_GAP;
    }

    /** @param goal where its line is, beside which no value is written; NaN for none */
    private static void drawBar(Svg svg, Product product, Spread spread, double y, double scale, double goal) {
        double length = spread.median() * scale;
        svg.text(LEFT - 6, y + 12, "name", product.shortTitle());
        svg.bar(LEFT, y, length, BAR, "fill " + product.id(), product.title() + ": " + spread);
        double end = length;
        if (spread.most() > spread.least()) {
            double middle = y + BAR / 2;
            svg.line(LEFT + spread.least() * scale, middle, LEFT + spread.most() * scale, middle, "whisker");
            svg.line(LEFT + spread.least() * scale, middle - 3, LEFT + spread.least() * scale, middle + 3, "whisker");
            svg.line(LEFT + spread.most() * scale, middle - 3, LEFT + spread.most() * scale, middle + 3, "whisker");
            end = Math.max(length, spread.most() * scale);
        }
        if (goal > end - 2 && goal < end + VALUE) {
            end = goal;
        }
        svg.text(LEFT + end + 6, y + 12, "value", Metric.format(spread.median()));
    }

    private double height() {
        return groups.stream()
                .mapToDouble(group -> (group.title().isEmpty() ? 0 : TITLE)
                        + STEP * group.bars().size()
                        + GROUP_GAP)
                .sum();
    }
}
