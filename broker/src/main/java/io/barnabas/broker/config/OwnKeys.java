// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import org.apache.kafka.common.config.AbstractConfig;

/**
 * Where Barnabas may behave other than Apache Kafka in ZooKeeper mode, and how to have the original's behaviour back.
 *
 * @param strictUnderMinIsr {@code barnabas.isr.strict.under.min}
 * @param checkIsrBrokerEpochs {@code barnabas.isr.check.broker.epochs}
 * @param deleteWithoutDeadReplicas {@code barnabas.delete.without.dead.replicas}
 * @param sessionLease {@code barnabas.session.lease.enable}
 * @param logDirReserveBytes {@code barnabas.log.dir.reserve.bytes}
 * @param logBlocksAheadBytes {@code barnabas.log.blocks.ahead.bytes}
 * @param deleteRecordsDurable {@code barnabas.delete.records.durable}
 * @param retentionFutureMaxMs {@code barnabas.log.retention.future.max.ms}
 * @param checkCompressedRecords {@code barnabas.check.compressed.records}
 * @param maxDecompressedBytes {@code barnabas.max.decompressed.message.bytes}
 * @param controllerWaitingRequests {@code barnabas.controller.max.waiting.requests}
 * @param leaderWaitMs {@code barnabas.metadata.leader.wait.max.ms}
 * @param readerWaitMs {@code barnabas.follower.reader.wait.ms}
 * @param failureDetection {@code barnabas.failure.detection}
 */
public record OwnKeys(
        boolean strictUnderMinIsr,
        boolean checkIsrBrokerEpochs,
        boolean deleteWithoutDeadReplicas,
        boolean sessionLease,
        long logDirReserveBytes,
        int logBlocksAheadBytes,
        boolean deleteRecordsDurable,
        long retentionFutureMaxMs,
        boolean checkCompressedRecords,
        long maxDecompressedBytes,
        int controllerWaitingRequests,
        int leaderWaitMs,
        int readerWaitMs,
        String failureDetection) {
    static OwnKeys from(AbstractConfig values) {
        return new OwnKeys(
                values.getBoolean("barnabas.isr.strict.under.min"),
                values.getBoolean("barnabas.isr.check.broker.epochs"),
                values.getBoolean("barnabas.delete.without.dead.replicas"),
                values.getBoolean("barnabas.session.lease.enable"),
                values.getLong("barnabas.log.dir.reserve.bytes"),
                values.getInt("barnabas.log.blocks.ahead.bytes"),
                values.getBoolean("barnabas.delete.records.durable"),
                values.getLong("barnabas.log.retention.future.max.ms"),
                values.getBoolean("barnabas.check.compressed.records"),
                values.getLong("barnabas.max.decompressed.message.bytes"),
                values.getInt("barnabas.controller.max.waiting.requests"),
                values.getInt("barnabas.metadata.leader.wait.max.ms"),
                values.getInt("barnabas.follower.reader.wait.ms"),
                values.getString("barnabas.failure.detection"));
    }

    /** Whether proof of a broker's death is acted on before its session ends. */
    public boolean detectsDeath() {
        return failureDetection.equals("death");
    }
}
