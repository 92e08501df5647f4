// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.protocol;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import io.barnabas.coordination.liveness.Evidence;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.requests.AlterPartitionRequest;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;

/**
 * What observers of brokers' deaths say to each other, in tagged fields (KIP-482) of Kafka's requests, which other brokers
 * skip. A probe is an ApiVersions request; the answer of an observer says that it is one. Only to observers goes the report
 * of a proof: an AlterPartition request without topics, which needs the rights of a broker.
 */
public final class LivenessCodec {
    /** Far from the tags Kafka gives out one by one. */
    private static final int TAG = 0xBA2A;

    private static final byte[] NOTHING = new byte[0];
    private static final short PROBE_VERSION = 3;
    private static final short REPORT_VERSION = 0;
    private static final int REPORT_BYTES = Integer.BYTES + Long.BYTES;

    private LivenessCodec() {}

    /** Asks for a sign of life. */
    public static ApiVersionsRequest probe() {
        ApiVersionsRequestData data =
                new ApiVersionsRequestData().setClientSoftwareName("barnabas").setClientSoftwareVersion("liveness");
        data.unknownTaggedFields().add(new RawTaggedField(TAG, NOTHING));
        return new ApiVersionsRequest(data, PROBE_VERSION);
    }

    /** Whether an observer asks. */
    public static boolean isProbe(ApiVersionsRequest request) {
        return find(request.data().unknownTaggedFields()).isPresent();
    }

    /** Adds to an answer that this broker is an observer. */
    public static void markObserver(ApiVersionsResponse answer) {
        answer.data().unknownTaggedFields().add(new RawTaggedField(TAG, NOTHING));
    }

    /** Whether the answer is an observer's. */
    public static boolean isObserver(ApiVersionsResponse answer) {
        return find(answer.data().unknownTaggedFields()).isPresent();
    }

    /** Tells of a proof. */
    public static AlterPartitionRequest report(Evidence.Reported report) {
        AlterPartitionRequestData data = new AlterPartitionRequestData()
                .setBrokerId(report.reporter().id())
                .setBrokerEpoch(report.reporter().epoch());
        byte[] dead = ByteBuffer.allocate(REPORT_BYTES)
                .putInt(report.broker().id())
                .putLong(report.broker().epoch())
                .array();
        data.unknownTaggedFields().add(new RawTaggedField(TAG, dead));
        return new AlterPartitionRequest(data, REPORT_VERSION);
    }

    /** The report a request is, empty for every other AlterPartition. */
    public static Optional<Evidence.Reported> report(AlterPartitionRequest request) {
        AlterPartitionRequestData data = request.data();
        return find(data.unknownTaggedFields())
                .filter(field -> data.topics().isEmpty() && field.size() == REPORT_BYTES)
                .map(field -> ByteBuffer.wrap(field.data()))
                .map(dead -> new Evidence.Reported(
                        new BrokerIncarnation(data.brokerId(), data.brokerEpoch()),
                        new BrokerIncarnation(dead.getInt(), dead.getLong())));
    }

    private static Optional<RawTaggedField> find(List<RawTaggedField> fields) {
        return fields.stream().filter(field -> field.tag() == TAG).findFirst();
    }
}
