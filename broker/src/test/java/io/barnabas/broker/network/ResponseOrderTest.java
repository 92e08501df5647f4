// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ProduceResponse;

class ResponseOrderTest {
    @Property(tries = 200)
    void answersLeaveInTheOrderOfRequestsInWhateverOrderTheyAreReady(
            @ForAll @IntRange(min = 1, max = 64) int count, @ForAll long seed) {
        RecordingHandler produce = new RecordingHandler(ApiKeys.PRODUCE);
        Client client = new Client(Client.pipeline(produce));
        for (int id = 0; id < count; id++) {
            client.send(Requests.frame(Requests.produce((short) -1), id));
        }
        List<Integer> order = new ArrayList<>();
        List<Integer> expected = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            order.add(id);
            expected.add(id);
        }
        Collections.shuffle(order, new Random(seed));
        List<Integer> seen = new ArrayList<>();
        for (int id : order) {
            produce.answers.get(id).complete(new ProduceResponse(new ProduceResponseData()));
            seen.addAll(client.answered());
            assertThat(seen).isEqualTo(expected.subList(0, seen.size()));
        }
        assertThat(seen).isEqualTo(expected);
    }
}
