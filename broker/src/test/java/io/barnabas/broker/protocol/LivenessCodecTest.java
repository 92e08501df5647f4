// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import io.barnabas.coordination.liveness.Evidence;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.requests.AlterPartitionRequest;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.junit.jupiter.api.Test;

class LivenessCodecTest {
    @Test
    void aProbeAndAReportSurviveTheWire() {
        ApiVersionsRequest probe = LivenessCodec.probe();
        assertThat(LivenessCodec.isProbe(ApiVersionsRequest.parse(probe.serialize(), probe.version())))
                .isTrue();
        Evidence.Reported report =
                new Evidence.Reported(new BrokerIncarnation(1, 11), new BrokerIncarnation(2, 1L << 40));
        AlterPartitionRequest request = LivenessCodec.report(report);
        AlterPartitionRequest read = AlterPartitionRequest.parse(request.serialize(), request.version());
        assertThat(LivenessCodec.report(read)).contains(report);
        assertThat(read.data().topics()).isEmpty();
    }

    @Test
    void whatLeadersProposeIsNoReport() {
        assertThat(LivenessCodec.report(new AlterPartitionRequest(new AlterPartitionRequestData(), (short) 3)))
                .isEmpty();
    }
}
