// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.lab.conversation.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * Asks brokers in turn who leads a topic's partitions, and as soon as one tells of a leader, asks that leader for an
 * offset: does it know that it leads? Over connections of its own; owned by the test's thread.
 */
final class LeaderProbe implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Map<Integer, Wire> wires = new TreeMap<>();
    private final Map<Errors, Integer> answers = new HashMap<>();
    private int correlation;

    /** @param port the port a broker listens at */
    LeaderProbe(List<Integer> brokers, IntUnaryOperator port) throws IOException {
        for (int broker : brokers) {
            wires.put(broker, new Wire("127.0.0.1", port.applyAsInt(broker), 10_000));
        }
    }

    /** How often leaders answered what, so far. */
    Map<Errors, Integer> answers() {
        return answers;
    }

    /** Goes on until every partition had a leader that is not {@code former}. */
    void probe(String topic, int partitions, int former) throws IOException {
        Set<Integer> seen = new HashSet<>();
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (seen.size() < partitions) {
            assertThat(System.nanoTime()).as("time in ns to lead %s", topic).isLessThan(deadlineNanos);
            for (Wire wire : wires.values()) {
                for (MetadataResponsePartition partition : told(wire, topic)) {
                    int leader = partition.leaderId();
                    if (leader >= 0 && leader != former && seen.add(partition.partitionIndex())) {
                        Errors answer = offset(wires.get(leader), topic, partition.partitionIndex());
                        answers.merge(answer, 1, Integer::sum);
                    }
                }
            }
        }
    }

    private List<MetadataResponsePartition> told(Wire wire, String topic) throws IOException {
        MetadataRequest request = new MetadataRequest.Builder(List.of(topic), false).build((short) 12);
        MetadataResponseTopic answer = ((MetadataResponse) answer(wire, request))
                .data()
                .topics()
                .iterator()
                .next();
        return answer.partitions();
    }

    private Errors offset(Wire wire, String topic, int partition) throws IOException {
        ListOffsetsTopic asked = new ListOffsetsTopic()
                .setName(topic)
                .setPartitions(List.of(new ListOffsetsPartition()
                        .setPartitionIndex(partition)
                        .setTimestamp(ListOffsetsRequest.LATEST_TIMESTAMP)));
        ListOffsetsRequest request = ListOffsetsRequest.Builder.forConsumer(
                        false, IsolationLevel.READ_UNCOMMITTED, false, false, false)
                .setTargetTimes(List.of(asked))
                .build((short) 7);
        ListOffsetsResponse response = (ListOffsetsResponse) answer(wire, request);
        return Errors.forCode(response.topics().get(0).partitions().get(0).errorCode());
    }

    private AbstractResponse answer(Wire wire, AbstractRequest request) throws IOException {
        RequestHeader header = new RequestHeader(request.apiKey(), request.version(), "probe", ++correlation);
        wire.send(request.serializeWithHeader(header));
        byte[] frame = wire.receive().orElseThrow(() -> new IOException("the broker hung up"));
        return AbstractResponse.parseResponse(ByteBuffer.wrap(frame), header);
    }

    @Override
    public void close() {
        wires.values().forEach(Wire::close);
    }
}
