// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab.compare.cluster;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * Asks one certain broker what it knows, over a connection of its own: clients ask whom they like. Owned by the comparing
 * thread.
 */
public final class BrokerProbe implements AutoCloseable {
    private static final int TIMEOUT_MS = 5_000;
    private static final short METADATA_VERSION = 12;
    private static final short VERSIONS_VERSION = 3;

    private final int port;
    private Socket socket;
    private int correlation;

    BrokerProbe(int port) {
        this.port = port;
    }

    /** Whether it answers at all. */
    public boolean answers() {
        return ask(new ApiVersionsRequest.Builder(VERSIONS_VERSION).build(VERSIONS_VERSION), VERSIONS_VERSION)
                .isPresent();
    }

    /** How many brokers it knows; 0 when it does not answer. */
    public int brokersKnown() {
        return metadata(List.of()).map(answer -> answer.brokers().size()).orElse(0);
    }

    /** What it knows of a topic; empty when it does not answer. */
    public Optional<TopicView> topic(String name) {
        return metadata(List.of(name)).map(answer -> TopicView.of(answer, name));
    }

    /**
     * A topic as one broker sees it.
     *
     * @param known partitions it has heard of
     * @param led partitions with a leader among live brokers
     * @param full partitions with a leader and every replica in sync
     * @param gone whether it has never heard of the topic
     * @param leaders leader of each known partition, -1 for none
     */
    public record TopicView(int known, int led, int full, boolean gone, List<Integer> leaders) {
        static TopicView of(MetadataResponse answer, String name) {
            return answer.topicMetadata().stream()
                    .filter(topic -> topic.topic().equals(name))
                    .findFirst()
                    .map(TopicView::of)
                    .orElse(new TopicView(0, 0, 0, true, List.of()));
        }

        private static TopicView of(MetadataResponse.TopicMetadata topic) {
            List<MetadataResponse.PartitionMetadata> partitions = topic.partitionMetadata();
            int led = 0;
            int full = 0;
            for (MetadataResponse.PartitionMetadata each : partitions) {
                boolean hasLeader = each.leaderId.isPresent() && each.error == Errors.NONE;
                led += hasLeader ? 1 : 0;
                full += hasLeader && each.inSyncReplicaIds.size() == each.replicaIds.size() ? 1 : 0;
            }
            return new TopicView(
                    partitions.size(),
                    led,
                    full,
                    topic.error() == Errors.UNKNOWN_TOPIC_OR_PARTITION,
                    partitions.stream().map(each -> each.leaderId.orElse(-1)).toList());
        }
    }

    private Optional<MetadataResponse> metadata(List<String> topics) {
        return ask(new MetadataRequest.Builder(topics, false).build(METADATA_VERSION), METADATA_VERSION)
                .map(MetadataResponse.class::cast);
    }

    private Optional<AbstractResponse> ask(AbstractRequest request, short version) {
        try {
            connect();
            ApiKeys api = request.apiKey();
            RequestHeader header = new RequestHeader(api, version, "lab", ++correlation);
            ByteBuffer bytes = request.serializeWithHeader(header);
            ByteBuffer frame = ByteBuffer.allocate(4 + bytes.remaining());
            frame.putInt(bytes.remaining()).put(bytes).flip();
            socket.getOutputStream().write(frame.array());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            ByteBuffer answer = ByteBuffer.wrap(in.readNBytes(in.readInt()));
            return Optional.of(AbstractResponse.parseResponse(answer, header));
        } catch (IOException | KafkaException e) {
            close();
            return Optional.empty();
        }
    }

    private void connect() throws IOException {
        if (socket == null) {
            Socket fresh = new Socket();
            fresh.setTcpNoDelay(true);
            fresh.setSoTimeout(TIMEOUT_MS);
            fresh.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
            socket = fresh;
        }
    }

    @Override
    public void close() {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } finally {
                socket = null;
            }
        }
    }
}
