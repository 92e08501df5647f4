// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.data;

import io.barnabas.replica.FetchResult;
import io.barnabas.replica.ReplicaManager;
import io.barnabas.replica.log.LogConfig;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.requests.FetchResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives clients of before Kafka 0.11 (Fetch below v4) their records in the format they know. */
final class DownConversion {
    private static final short READS_V1 = 2;
    private static final short READS_V2 = 4;
    private static final short READS_ZSTD = 10;

    private static final Logger LOG = LoggerFactory.getLogger(DownConversion.class);

    private final ReplicaManager replicas;

    DownConversion(ReplicaManager replicas) {
        this.replicas = replicas;
    }

    /** Whether clients of this version may have to have records converted, which is long work. */
    static boolean mayConvert(short version) {
        return version < READS_V2;
    }

    /**
     * The partition's data as the version reads it: as it is, converted, or an error in its place. What the topic's
     * configuration forbids is refused without records too, and before any other error.
     *
     * @param fetchOffset the offset asked for; records before it are left out where the old format allows
     */
    PartitionData apply(
            FetchResult result, PartitionData data, short version, boolean fromFollower, LongSupplier fetchOffset) {
        if (version >= READS_ZSTD) {
            return data;
        }
        Optional<LogConfig> config =
                replicas.logConfig(result.topicIdPartition().topicPartition());
        if (config.isPresent() && storesZstd(config.get())) {
            return failed(result, Errors.UNSUPPORTED_COMPRESSION_TYPE);
        }
        OptionalInt magic = magicFor(version, config);
        if (magic.isEmpty()) {
            return data;
        }
        if (!fromFollower && !config.get().messageDownconversionEnable()) {
            return failed(result, Errors.UNSUPPORTED_VERSION);
        }
        if (result.records().sizeInBytes() == 0) {
            return data;
        }
        return convert(result, data, (byte) magic.getAsInt(), fetchOffset.getAsLong());
    }

    private static boolean storesZstd(LogConfig config) {
        return config.compression()
                .target()
                .map(compression -> compression.type() == CompressionType.ZSTD)
                .orElse(false);
    }

    private static OptionalInt magicFor(short version, Optional<LogConfig> config) {
        if (version >= READS_V2 || config.isEmpty()) {
            return OptionalInt.empty();
        }
        byte stored = config.get().recordVersion().value;
        byte readable = version < READS_V1 ? RecordBatch.MAGIC_VALUE_V0 : RecordBatch.MAGIC_VALUE_V1;
        return stored > readable ? OptionalInt.of(readable) : OptionalInt.empty();
    }

    private static PartitionData convert(FetchResult result, PartitionData data, byte magic, long firstOffset) {
        try {
            MemoryRecords stored = ConvertibleRecords.of(result.records().toMemoryRecords());
            if (stored.sizeInBytes() == 0) {
                LOG.info(
                        "Records of {} from {} on are too large, decompressed, to be converted for an old client",
                        result.topicIdPartition(),
                        firstOffset);
                return failed(result, Errors.MESSAGE_TOO_LARGE);
            }
            return data.setRecords(ConvertedBatches.of(stored, magic, firstOffset));
        } catch (UnsupportedCompressionTypeException e) {
            return failed(result, Errors.UNSUPPORTED_COMPRESSION_TYPE);
        } catch (KafkaException e) {
            return failed(result, Errors.CORRUPT_MESSAGE);
        } catch (IOException e) {
            return failed(result, Errors.KAFKA_STORAGE_ERROR);
        }
    }

    private static PartitionData failed(FetchResult result, Errors error) {
        return FetchResponse.partitionResponse(result.topicIdPartition(), error);
    }
}
