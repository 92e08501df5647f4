// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.key;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** The short forms of limits in the key tables, and the validators they stand for, with Kafka's messages. */
public final class Limits {
    private static final Pattern RANGE = Pattern.compile("\\[(-?[0-9.]+),(-?[0-9.]*)]");
    private static final Pattern CHOICE = Pattern.compile("(one-of|one-of-ignoring-case|each-of)\\[(.*)]");
    private static final Pattern THROTTLED = Pattern.compile("[0-9]+:[0-9]+");

    private Limits() {}

    /** The validator of a short form; {@code null}, as ConfigDef wants it, where there is none. */
    static ConfigDef.Validator parse(String form) {
        Matcher range = RANGE.matcher(form);
        if (range.matches()) {
            Number min = number(range.group(1));
            return range.group(2).isEmpty()
                    ? ConfigDef.Range.atLeast(min)
                    : ConfigDef.Range.between(min, number(range.group(2)));
        }
        Matcher choice = CHOICE.matcher(form);
        if (choice.matches()) {
            return choice(choice.group(1), choice.group(2).split(","));
        }
        return named(form);
    }

    private static ConfigDef.Validator choice(String kind, String[] values) {
        return switch (kind) {
            case "one-of" -> ConfigDef.ValidString.in(values);
            case "each-of" -> ConfigDef.ValidList.in(values);
            default -> ConfigDef.CaseInsensitiveValidString.in(values);
        };
    }

    private static ConfigDef.Validator named(String form) {
        return switch (form) {
            case "-" -> null;
            case "non-null" -> new ConfigDef.NonNullValidator();
            case "non-empty" -> new ConfigDef.NonEmptyString();
            case "gzip-level" -> ConfigDef.LambdaValidator.with(Limits::gzipLevel, () -> "[1,...,9] or -1");
            case "pool-size" -> ConfigDef.LambdaValidator.with(Limits::poolSize, () -> "-1 or at least 1");
            case "version" -> ConfigDef.LambdaValidator.with(Limits::version, () -> ProtocolVersion.listed());
            case "throttled-replicas" ->
                ConfigDef.LambdaValidator.with(
                        Limits::throttledReplicas, () -> "[partitionId]:[brokerId],[partitionId]:[brokerId],...");
            default -> throw new IllegalStateException("unknown limits in a key table: " + form);
        };
    }

    private static Number number(String text) {
        return text.indexOf('.') < 0 ? (Number) Integer.valueOf(text) : (Number) Double.valueOf(text);
    }

    private static void gzipLevel(String name, Object value) {
        int level = (Integer) value;
        if (level != -1 && (level < 1 || level > 9)) {
            throw new ConfigException(name, value, "Value must be between 1 and 9 or equal to -1");
        }
    }

    private static void poolSize(String name, Object value) {
        int size = (Integer) value;
        if (size < -1 || size == 0) {
            throw new ConfigException(name, value, "Value can be either -1 or greater than 0");
        }
    }

    private static void version(String name, Object value) {
        try {
            ProtocolVersion.parse(value.toString());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(name, value, e.getMessage());
        }
    }

    private static void throttledReplicas(String name, Object value) {
        List<String> entries =
                ((List<?>) value).stream().map(entry -> entry.toString().trim()).toList();
        boolean wellFormed =
                entries.stream().allMatch(entry -> THROTTLED.matcher(entry).matches());
        if (!wellFormed && !entries.equals(List.of("*"))) {
            throw new ConfigException(
                    name,
                    value,
                    name + " must be the literal '*' or a list of replicas in the following format: "
                            + "[partitionId]:[brokerId],[partitionId]:[brokerId],...");
        }
    }
}
