// SPDX-License-Identifier: Apache-2.0
package io.barnabas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Markdown pages: links between them resolve, and lines are at most 120 columns wide. */
class DocsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int WIDTH = 120;
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```");

    @Test
    void relativeLinksResolve() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            String text = FENCED.matcher(Files.readString(page)).replaceAll("");
            LINK.matcher(text)
                    .results()
                    .map(link -> link.group(1))
                    .filter(link -> !link.contains("://") && !link.startsWith("mailto:"))
                    .filter(link -> !resolves(page, link))
                    .forEach(link -> broken.add(ROOT.relativize(page) + ": " + link));
        }

        assertThat(broken).as("links to pages or headings that do not exist").isEmpty();
    }

    @Test
    void linesAreNotWiderThanTheEditorConfigSays() throws IOException {
        List<String> wide = new ArrayList<>();
        for (Path page : pages()) {
            List<String> lines = Files.readAllLines(page);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).codePointCount(0, lines.get(i).length()) > WIDTH) {
                    wide.add(ROOT.relativize(page) + ":" + (i + 1));
                }
            }
        }

        assertThat(wide).as("lines of more than " + WIDTH + " columns").isEmpty();
    }

    private static boolean resolves(Path page, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        if (parts.length == 1 || !Files.isRegularFile(target)) {
            return parts.length == 1 && Files.exists(target);
        }
        return anchors(target).contains(parts[1]);
    }

    private static List<String> anchors(Path page) {
        try {
            return HEADING.matcher(FENCED.matcher(Files.readString(page)).replaceAll(""))
                    .results()
                    .map(DocsTest::anchor)
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The anchor a heading gets on common hosts: lower case, punctuation dropped, spaces as hyphens. */
    private static String anchor(MatchResult heading) {
        String text = heading.group(1).toLowerCase(Locale.ROOT);
        return text.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !ROOT.relativize(file).toString().matches("(.*/)?(target|\\.git|node_modules)/.*"))
                    .toList();
        }
    }
}
