// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.broker.config.key.KeySpec;
import io.barnabas.broker.config.key.KeyTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * The key lists in {@code docs/configuration.md} match the key tables the broker reads. To write the page anew after a change, run this
 * test with {@code -Dconfiguration.page.write=true}.
 */
class ConfigurationPageTest {
    private static final int WIDTH = 120;
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");
    private static final String BEGIN = "<!-- The rest is written from the key tables; see ConfigurationPageTest. -->";

    @Test
    void thePageSaysWhatTheTablesSay() throws IOException {
        String page = Files.readString(PAGE);
        String wanted = page.substring(0, page.indexOf(BEGIN)) + BEGIN + "\n" + tables();
        if (Boolean.getBoolean("configuration.page.write")) {
            Files.writeString(PAGE, wanted);
            page = wanted;
        }

        assertThat(page.lines().toList())
                .as("docs/configuration.md; run this test with -Dconfiguration.page.write=true to write it anew")
                .isEqualTo(wanted.lines().toList());
    }

    private static String tables() {
        StringBuilder text = new StringBuilder();
        Predicate<KeySpec> own = spec -> spec.name().startsWith(KeyTable.OWN_PREFIX);
        section(text, "Keys of Barnabas's own", KeyTable.BROKER, own.and(KeySpec::honoured));
        section(
                text,
                "Broker keys that are honoured",
                KeyTable.BROKER,
                own.negate().and(KeySpec::honoured));
        section(text, "Topic keys that are honoured", KeyTable.TOPIC, KeySpec::honoured);
        withoutEffect(text, "Broker keys without effect", KeyTable.BROKER);
        withoutEffect(text, "Topic keys without effect", KeyTable.TOPIC);
        return text.toString();
    }

    private static void section(StringBuilder text, String title, KeyTable table, Predicate<KeySpec> wanted) {
        text.append("\n## ").append(title).append("\n\n");
        for (KeySpec spec : sorted(table, wanted)) {
            String last = table == KeyTable.BROKER ? " Changes: " + changes(spec) + "." : synonyms(spec);
            entry(
                    text,
                    "- `" + spec.name() + "`: " + spec.doc(),
                    "  Type: " + limits(spec) + ". " + shown(spec.defaultValue()) + last);
        }
    }

    private static void withoutEffect(StringBuilder text, String title, KeyTable table) {
        text.append("\n## ").append(title).append("\n\n");
        for (KeySpec spec : sorted(table, spec -> !spec.honoured())) {
            String why = spec.effect().replaceFirst("^none: ", "");
            entry(
                    text,
                    "- `" + spec.name() + "`: " + why + (why.endsWith(".") ? "" : "."),
                    "  " + shown(spec.defaultValue()));
        }
    }

    private static void entry(StringBuilder text, String... paragraphs) {
        for (String paragraph : paragraphs) {
            StringBuilder line = new StringBuilder(paragraph.startsWith("- ") ? "" : " ");
            for (String word : paragraph.strip().split(" ")) {
                if (line.length() + 1 + word.length() > WIDTH) {
                    text.append(line).append('\n');
                    line.setLength(0);
                    line.append(" ");
                }
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
            text.append(line).append('\n');
        }
    }

    private static List<KeySpec> sorted(KeyTable table, Predicate<KeySpec> wanted) {
        return table.specs().stream()
                .filter(wanted)
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .toList();
    }

    private static String shown(String value) {
        if (value == null) {
            return "No default.";
        }
        return value.isEmpty() ? "Default: empty." : "Default: `" + listed(value) + "`.";
    }

    private static String listed(String value) {
        return value.length() > WIDTH / 2 ? value.replace(",", "`, `") : value;
    }

    private static String changes(KeySpec spec) {
        String mode = spec.updateMode().shown();
        return spec.remark().isEmpty() ? mode : mode + "; " + spec.remark();
    }

    private static String limits(KeySpec spec) {
        String type = spec.type().name().toLowerCase(java.util.Locale.ROOT);
        return spec.validator().equals("-") ? type : type + " " + spec.validator();
    }

    private static String synonyms(KeySpec spec) {
        List<String> keys = KeyTable.brokerKeysOf(spec.name());
        return keys.isEmpty() ? "" : " Broker's key: `" + String.join("`, `", keys) + "`.";
    }
}
