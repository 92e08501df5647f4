// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * The tables of {@code docs/configuration.md} are those the broker reads. To write the page anew after a change, run this
 * test with {@code -Dconfiguration.page.write=true}.
 */
class ConfigurationPageTest {
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
        boolean broker = table == KeyTable.BROKER;
        text.append("\n## ").append(title).append("\n\n");
        text.append("| key | default | limits | ")
                .append(broker ? "changes" : "broker's key")
                .append(" | what for |\n");
        text.append("|---|---|---|---|---|\n");
        for (KeySpec spec : sorted(table, wanted)) {
            text.append("| `").append(spec.name()).append("` | ").append(shown(spec.defaultValue()));
            text.append(" | ").append(limits(spec)).append(" | ");
            text.append(broker ? changes(spec) : synonyms(spec));
            text.append(" | ").append(spec.doc()).append(" |\n");
        }
    }

    private static void withoutEffect(StringBuilder text, String title, KeyTable table) {
        text.append("\n## ").append(title).append("\n\n");
        text.append("| key | default | why |\n|---|---|---|\n");
        for (KeySpec spec : sorted(table, spec -> !spec.honoured())) {
            text.append("| `").append(spec.name()).append("` | ").append(shown(spec.defaultValue()));
            text.append(" | ").append(spec.effect().replaceFirst("^none: ", "")).append(" |\n");
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
            return "";
        }
        return value.isEmpty() ? "(empty)" : "`" + value + "`";
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
        List<String> keys = TopicConfigs.brokerKeysOf(spec.name());
        return keys.isEmpty() ? "" : "`" + String.join("`, `", keys) + "`";
    }
}
