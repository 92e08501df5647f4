// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.Batches;
import io.barnabas.replica.log.LogConfig;
import java.nio.file.Path;
import org.apache.kafka.common.record.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory that runs out in the midst of an append. */
class InterruptedAppendTest {
    @TempDir
    Path directory;

    private TestLogs logs;
    private LocalPartitionLog log;

    @BeforeEach
    void open() {
        logs = new TestLogs(directory);
        log = logs.open(LogConfig.DEFAULT, false, 0L);
    }

    @AfterEach
    void close() {
        log.close();
        logs.close();
    }

    private void append(MemoryRecords records, int leaderEpoch) {
        log.appendAsLeader(records, leaderEpoch, AppendOrigin.CLIENT);
    }

    @Test
    void leavesTheLogAsItWas() {
        append(Batches.idempotent(9L, 0, 0, 2, 1L), 1);
        logs.settle();
        logs.noMemory = true;
        assertThatThrownBy(() -> append(Batches.idempotent(9L, 0, 2, 2, 1L), 2)).isInstanceOf(OutOfMemoryError.class);
        logs.noMemory = false;
        assertThat(log.logEndOffset()).isEqualTo(2);
        assertThat(log.latestEpoch()).hasValue(1);
        append(Batches.idempotent(9L, 0, 2, 3, 1L), 2);
        assertThat(TestLogs.values(log, 0L)).hasSize(5).last().isEqualTo("4:value1-2");
        assertThat(logs.failures).isEmpty();
    }
}
