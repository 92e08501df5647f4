// SPDX-License-Identifier: Apache-2.0
package io.barnabas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComplaintsTest {
    @Test
    void aWarningIsAComplaintAndInformationIsNot() {
        assertThat(Complaints.in(List.of(
                        "10:00:00.000 WARN  KafkaApis [KafkaApi-1] Unexpected answer",
                        "10:00:00.001 INFO  KafkaServer [KafkaServer id=1] started",
                        "10:00:00.002 INFO  events command-refused broker=2 why=\"STALE_CONTROLLER_EPOCH\"")))
                .hasSize(2);
    }

    @Test
    void aLostConnectionIsExcusedByItsExceptionOnly() {
        String line = "10:00:00.000 WARN  ReplicaFetcherThread [ReplicaFetcher replicaId=2, leaderId=1, fetcherId=0] "
                + "Error in response for fetch request (type=FetchRequest)";

        assertThat(Complaints.in(
                        List.of(line, "java.io.IOException: Connection to 127.0.0.1:1 (id: 1 rack: null) failed.")))
                .isEmpty();
        assertThat(Complaints.in(
                        List.of(line, "org.apache.kafka.common.protocol.types.SchemaException: Buffer underflow")))
                .containsExactly(line + " | org.apache.kafka.common.protocol.types.SchemaException: Buffer underflow");
    }

    @Test
    void aPartitionThatIsNotFetchedAnyMoreIsExcusedByANewerEpochOnly() {
        String parked = "10:00:00.000 INFO  events fetch-parked partition=drill-0 leader=1 leaderEpoch=3 offset=5 why=";

        assertThat(Complaints.in(List.of(parked + "\"the leader has a newer epoch than 3\"")))
                .isEmpty();
        assertThat(Complaints.in(List.of(parked + "\"java.lang.IllegalStateException\"")))
                .hasSize(1);
    }
}
