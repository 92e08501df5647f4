// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventLineTest {
    private record LeaderElected(String partition, int leader, Optional<String> note, String why) implements Event {}

    private record SettingsChanged(int broker, Map<String, String> changed, String why) implements Event {}

    @Test
    void writesTheNameTheFactsInOrderAndTheCauseLast() {
        Event event = new LeaderElected("orders-0", 2, Optional.empty(), "broker 1 failed");

        assertThat(EventLine.name(event)).isEqualTo("leader-elected");
        assertThat(EventLine.of(event)).isEqualTo("leader-elected partition=orders-0 leader=2 why=\"broker 1 failed\"");
    }

    @Test
    void quotesWhatHasBlanksOrQuotesOrIsEmpty() {
        Event event = new LeaderElected("", 2, Optional.of("said \"no\" once"), "it said \"no\"");

        assertThat(EventLine.of(event))
                .isEqualTo("leader-elected partition=\"\" leader=2 note=\"said 'no' once\" why=\"it said 'no'\"");
    }

    @Test
    void writesTheEntriesOfAMapAsFacts() {
        assertThat(EventLine.of(new SettingsChanged(1, Map.of("retention.ms", "5"), "asked to")))
                .isEqualTo("settings-changed broker=1 retention.ms=5 why=\"asked to\"");
    }

    @Test
    void passesEventsOnToEverySink() {
        List<Event> one = new ArrayList<>();
        List<Event> two = new ArrayList<>();
        Event event = new SettingsChanged(1, Map.of(), "asked to");

        EventSink.all(List.of(one::add, two::add)).record(event);

        assertThat(one).containsExactly(event);
        assertThat(two).containsExactly(event);
    }

    @Test
    void takesRecordsOnly() {
        assertThatThrownBy(() -> EventLine.of(() -> "no facts"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a record");
    }
}
