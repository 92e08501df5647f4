// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.event;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An event as one line: {@code leader-elected partition=t-0 leader=2 why="broker 1 failed"}. The name is the record's,
 * in lower case with dashes; the facts are its components in order, the cause comes last. Values with blanks or quotes
 * are quoted. An empty {@link Optional} is left out; the entries of a map stand as facts of their own.
 */
public final class EventLine {
    private static final ClassValue<Form> FORMS = new ClassValue<>() {
        @Override
        protected Form computeValue(Class<?> type) {
            return Form.of(type);
        }
    };

    private EventLine() {}

    /** The event's name, such as {@code leader-elected}. */
    public static String name(Event event) {
        return FORMS.get(event.getClass()).name();
    }

    /** The whole line. */
    public static String of(Event event) {
        Form form = FORMS.get(event.getClass());
        StringBuilder line = new StringBuilder(160).append(form.name());
        for (Method fact : form.facts()) {
            append(line, fact.getName(), value(fact, event));
        }
        return line.append(" why=\"")
                .append(event.why().replace('"', '\''))
                .append('"')
                .toString();
    }

    private static void append(StringBuilder line, String key, Object value) {
        if (value instanceof Map<?, ?> facts) {
            facts.forEach((name, fact) -> append(line, String.valueOf(name), fact));
        } else if (value instanceof Optional<?> optional) {
            optional.ifPresent(present -> append(line, key, present));
        } else {
            line.append(' ').append(key).append('=').append(quoted(String.valueOf(value)));
        }
    }

    private static String quoted(String value) {
        boolean plain = !value.isEmpty() && value.indexOf(' ') < 0 && value.indexOf('"') < 0;
        return plain ? value : '"' + value.replace('"', '\'') + '"';
    }

    private static Object value(Method fact, Event event) {
        try {
            return fact.invoke(event);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(event.getClass() + " does not tell its " + fact.getName(), e);
        }
    }

    /** How events of one kind are written: their name, and the accessors of their facts. */
    private record Form(String name, List<Method> facts) {
        static Form of(Class<?> type) {
            if (!type.isRecord()) {
                throw new IllegalArgumentException(type + " is an event but not a record");
            }
            List<Method> facts = new ArrayList<>();
            for (RecordComponent component : type.getRecordComponents()) {
                if (!component.getName().equals("why")) {
                    Method accessor = component.getAccessor();
                    accessor.setAccessible(true);
                    facts.add(accessor);
                }
            }
            return new Form(dashed(type.getSimpleName()), List.copyOf(facts));
        }

        private static String dashed(String name) {
            return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
        }
    }
}
