// SPDX-License-Identifier: Apache-2.0
package io.barnabas.bench;

import io.barnabas.replica.log.AppendOrigin;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.RecordsLook;
import io.barnabas.replica.log.RecordsVerdict;
import io.barnabas.replica.log.validation.LogValidator;
import io.barnabas.replica.log.validation.RecordsInspection;
import io.barnabas.replica.log.validation.RecordsJudge;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What a leader does with a produced batch before it goes to the file: size, CRC, header; a walk over its records;
 * offsets, epoch and largest time stamped in place.
 */
public class AppendBenchmark extends HotPiece {
    private static final TopicPartition PARTITION = new TopicPartition("bench", 0);
    private static final long NOW_MS = 1_700_000_000_000L;

    /** How many records of 1 KB are in the batch. */
    @Param({"1", "60"})
    public int records;

    /** How it is compressed; what is in the compressed ones is compressible to about a third. */
    @Param({"none", "gzip", "lz4", "zstd"})
    public String codec;

    private final LogConfig config = LogConfig.DEFAULT;
    private MemoryRecords batch;

    @Setup
    public void makeBatch() {
        batch = Batches.of(records, 1, CompressionType.forName(codec));
    }

    /** Header and CRC, which is nearly all of it. */
    @Benchmark
    public RecordsInspection inspect() {
        batch.buffer().putLong(Batches.BASE_OFFSET, 0);
        return RecordsInspection.of(PARTITION, batch, AppendOrigin.CLIENT, Integer.MAX_VALUE);
    }

    /** The look inside alone. */
    @Benchmark
    public RecordsVerdict judge() {
        return RecordsJudge.judge(PARTITION, batch, config, NOW_MS, RecordsLook.WHOLE);
    }

    /** All of it: header and CRC, the look inside, the rules for clients, and stamping. */
    @Benchmark
    public RecordsInspection inspectAndStamp() {
        return LogValidator.assignOffsets(PARTITION, inspect(), config, AppendOrigin.CLIENT, 1_000_000, 7, NOW_MS);
    }
}
