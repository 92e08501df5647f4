// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.result;

import java.util.Locale;

/** Builds one drawing. Colours and type come from the page's style sheet, by class. */
final class Svg {
    private final StringBuilder out = new StringBuilder();
    private final double width;
    private final double height;
    private final String label;

    /** @param label what the drawing shows, for those who cannot see it */
    Svg(double width, double height, String label) {
        this.width = width;
        this.height = height;
        this.label = label;
    }

    Svg text(double x, double y, String cssClass, String text) {
        out.append(format("<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, cssClass))
                .append(escape(text))
                .append("</text>");
        return this;
    }

    Svg bar(double x, double y, double barWidth, double barHeight, String cssClass, String hint) {
        out.append(format(
                        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" class=\"%s\"><title>",
                        x, y, Math.max(1, barWidth), barHeight, cssClass))
                .append(escape(hint))
                .append("</title></rect>");
        return this;
    }

    Svg line(double x1, double y1, double x2, double y2, String cssClass) {
        out.append(format(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>", x1, y1, x2, y2, cssClass));
        return this;
    }

    Svg dot(double x, double y, String cssClass, String hint) {
        out.append(format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" class=\"%s\"><title>", x, y, cssClass))
                .append(escape(hint))
                .append("</title></circle>");
        return this;
    }

    /** A line through points, {@code x,y x,y …}. */
    Svg path(String points, String cssClass) {
        out.append("<polyline points=\"")
                .append(points)
                .append("\" class=\"")
                .append(cssClass)
                .append("\"/>");
        return this;
    }

    String close() {
        return format("<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"", width, height) + escape(label)
                + "\">" + out + "</svg>";
    }

    static String point(double x, double y) {
        return format("%.1f,%.1f", x, y);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
