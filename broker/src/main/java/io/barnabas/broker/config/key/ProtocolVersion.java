// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.key;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The values of {@code inter.broker.protocol.version}, oldest first, and what each lets brokers say to one another.
 *
 * <p>During a rolling upgrade every broker speaks the lowest version of the cluster; a method here answers "at this
 * version, which request version" or "may we use this at all". The facts are those of Apache Kafka 3.9.2.
 */
public enum ProtocolVersion {
    /* Kafka's names; the suffix IVn counts internal versions between two releases. */
    IBP_0_8_0("0.8.0"),
    IBP_0_8_1("0.8.1"),
    IBP_0_8_2("0.8.2"),
    IBP_0_9_0("0.9.0"),
    IBP_0_10_0_IV0("0.10.0-IV0"),
    IBP_0_10_0_IV1("0.10.0-IV1"),
    IBP_0_10_1_IV0("0.10.1-IV0"),
    IBP_0_10_1_IV1("0.10.1-IV1"),
    IBP_0_10_1_IV2("0.10.1-IV2"),
    IBP_0_10_2_IV0("0.10.2-IV0"),
    IBP_0_11_0_IV0("0.11.0-IV0"),
    IBP_0_11_0_IV1("0.11.0-IV1"),
    IBP_0_11_0_IV2("0.11.0-IV2"),
    IBP_1_0_IV0("1.0-IV0"),
    IBP_1_1_IV0("1.1-IV0"),
    IBP_2_0_IV0("2.0-IV0"),
    IBP_2_0_IV1("2.0-IV1"),
    IBP_2_1_IV0("2.1-IV0"),
    IBP_2_1_IV1("2.1-IV1"),
    IBP_2_1_IV2("2.1-IV2"),
    IBP_2_2_IV0("2.2-IV0"),
    IBP_2_2_IV1("2.2-IV1"),
    IBP_2_3_IV0("2.3-IV0"),
    IBP_2_3_IV1("2.3-IV1"),
    IBP_2_4_IV0("2.4-IV0"),
    IBP_2_4_IV1("2.4-IV1"),
    IBP_2_5_IV0("2.5-IV0"),
    IBP_2_6_IV0("2.6-IV0"),
    IBP_2_7_IV0("2.7-IV0"),
    IBP_2_7_IV1("2.7-IV1"),
    IBP_2_7_IV2("2.7-IV2"),
    IBP_2_8_IV0("2.8-IV0"),
    IBP_2_8_IV1("2.8-IV1"),
    IBP_3_0_IV0("3.0-IV0"),
    IBP_3_0_IV1("3.0-IV1"),
    IBP_3_1_IV0("3.1-IV0"),
    IBP_3_2_IV0("3.2-IV0"),
    IBP_3_3_IV0("3.3-IV0"),
    IBP_3_3_IV1("3.3-IV1"),
    IBP_3_3_IV2("3.3-IV2"),
    IBP_3_3_IV3("3.3-IV3"),
    IBP_3_4_IV0("3.4-IV0"),
    IBP_3_5_IV0("3.5-IV0"),
    IBP_3_5_IV1("3.5-IV1"),
    IBP_3_5_IV2("3.5-IV2"),
    IBP_3_6_IV0("3.6-IV0"),
    IBP_3_6_IV1("3.6-IV1"),
    IBP_3_6_IV2("3.6-IV2"),
    IBP_3_7_IV0("3.7-IV0"),
    IBP_3_7_IV1("3.7-IV1"),
    IBP_3_7_IV2("3.7-IV2"),
    IBP_3_7_IV3("3.7-IV3"),
    IBP_3_7_IV4("3.7-IV4"),
    IBP_3_8_IV0("3.8-IV0"),
    IBP_3_9_IV0("3.9-IV0"),
    IBP_4_0_IV0("4.0-IV0"),
    IBP_4_0_IV1("4.0-IV1");

    /** What Kafka 3.9.2 uses where nothing is set. */
    public static final ProtocolVersion DEFAULT = IBP_3_9_IV0;

    private final String version;

    ProtocolVersion(String version) {
        this.version = version;
    }

    /**
     * Reads a version as Kafka does: a full name ({@code 3.9-IV0}), a release ({@code 3.9}, its last internal version),
     * or a bug-fix release ({@code 3.9.2}, the same as {@code 3.9}).
     *
     * @throws IllegalArgumentException where there is no such version
     */
    public static ProtocolVersion parse(String text) {
        String[] segments = text.split("\\.", -1);
        int kept = Math.min(segments.length, text.startsWith("0.") ? 3 : 2);
        String wanted = String.join(".", Arrays.copyOf(segments, kept));
        ProtocolVersion found = null;
        for (ProtocolVersion candidate : values()) {
            if (candidate.version.equals(wanted)) {
                return candidate;
            }
            if (candidate.released() && candidate.shortVersion().equals(wanted)) {
                found = candidate;
            }
        }
        if (found == null) {
            throw new IllegalArgumentException("Version " + text + " is not a valid version");
        }
        return found;
    }

    /** All full names, as Kafka's documentation of the key lists them. */
    static String listed() {
        return Arrays.stream(values()).map(ProtocolVersion::version).collect(Collectors.joining(", ", "[", "]"));
    }

    /** The full name, such as {@code 3.9-IV0}. */
    public String version() {
        return version;
    }

    /** The release it belongs to, such as {@code 3.9}. */
    public String shortVersion() {
        int dash = version.indexOf('-');
        return dash < 0 ? version : version.substring(0, dash);
    }

    /** Whether its release was final in Kafka 3.9; later ones must be asked for by their full names. */
    private boolean released() {
        return compareTo(DEFAULT) <= 0;
    }

    /** Whether this version is the other one or newer. */
    public boolean isAtLeast(ProtocolVersion other) {
        return compareTo(other) >= 0;
    }

    /** Whether the leader asks the controller to change the ISR (AlterPartition) instead of writing it itself. */
    public boolean isAlterPartitionSupported() {
        return isAtLeast(IBP_2_7_IV2);
    }

    /** Whether producer id blocks come from the controller (AllocateProducerIds) instead of ZooKeeper directly. */
    public boolean isAllocateProducerIdsSupported() {
        return isAtLeast(IBP_3_0_IV0);
    }

    /** Whether topics get ids (KIP-516). */
    public boolean isTopicIdsSupported() {
        return isAtLeast(IBP_2_8_IV0);
    }

    /** Whether a follower learns where to truncate from its fetches (KIP-595). */
    public boolean isTruncationOnFetchSupported() {
        return isAtLeast(IBP_2_7_IV1);
    }

    /** Whether followers may ask for the end offset of a leader epoch (KIP-101). */
    public boolean isOffsetForLeaderEpochSupported() {
        return isAtLeast(IBP_0_11_0_IV2);
    }

    /** Whether partition states carry the leader's recovery state (KIP-704). */
    public boolean isLeaderRecoverySupported() {
        return isAtLeast(IBP_3_2_IV0);
    }

    /** Whether {@code /feature} is kept (KIP-584). */
    public boolean isFeatureVersioningSupported() {
        return isAtLeast(IBP_2_7_IV0);
    }

    /** Whether SASL among brokers begins with a handshake request. */
    public boolean isSaslInterBrokerHandshakeRequestEnabled() {
        return isAtLeast(IBP_0_10_0_IV1);
    }

    /** The newest record format this version knows: 0, 1 or 2. */
    public byte highestRecordFormat() {
        return (byte) at(step(IBP_0_10_0_IV0, 1), step(IBP_0_11_0_IV0, 2));
    }

    /** The Fetch version followers use. */
    public short fetchVersion() {
        return at(
                step(IBP_0_9_0, 1),
                step(IBP_0_10_0_IV0, 2),
                step(IBP_0_10_1_IV1, 3),
                step(IBP_0_11_0_IV0, 4),
                step(IBP_0_11_0_IV1, 5),
                step(IBP_1_1_IV0, 7),
                step(IBP_2_0_IV1, 8),
                step(IBP_2_1_IV2, 10),
                step(IBP_2_3_IV1, 11),
                step(IBP_2_7_IV1, 12),
                step(IBP_3_1_IV0, 13),
                step(IBP_3_5_IV0, 14),
                step(IBP_3_5_IV1, 15),
                step(IBP_3_7_IV4, 16),
                step(IBP_3_9_IV0, 17));
    }

    /** The ListOffsets version followers use. */
    public short listOffsetsVersion() {
        return at(
                step(IBP_0_10_1_IV2, 1),
                step(IBP_0_11_0_IV0, 2),
                step(IBP_2_0_IV1, 3),
                step(IBP_2_1_IV1, 4),
                step(IBP_2_2_IV1, 5),
                step(IBP_2_8_IV0, 6),
                step(IBP_3_0_IV1, 7),
                step(IBP_3_5_IV0, 8),
                step(IBP_3_9_IV0, 9));
    }

    /** The OffsetForLeaderEpoch version followers use. */
    public short offsetForLeaderEpochVersion() {
        return at(step(IBP_2_0_IV0, 1), step(IBP_2_1_IV1, 2), step(IBP_2_3_IV1, 3), step(IBP_2_8_IV0, 4));
    }

    /** The WriteTxnMarkers version transaction coordinators use. */
    public short writeTxnMarkersVersion() {
        return at(step(IBP_2_8_IV0, 1));
    }

    /** The LeaderAndIsr version the controller uses. */
    public short leaderAndIsrVersion() {
        return at(
                step(IBP_1_0_IV0, 1),
                step(IBP_2_2_IV0, 2),
                step(IBP_2_4_IV0, 3),
                step(IBP_2_4_IV1, 4),
                step(IBP_2_8_IV1, 5),
                step(IBP_3_2_IV0, 6),
                step(IBP_3_4_IV0, 7));
    }

    /** The UpdateMetadata version the controller uses. */
    public short updateMetadataVersion() {
        return at(
                step(IBP_0_9_0, 1),
                step(IBP_0_10_0_IV1, 2),
                step(IBP_0_10_2_IV0, 3),
                step(IBP_1_0_IV0, 4),
                step(IBP_2_2_IV0, 5),
                step(IBP_2_4_IV1, 6),
                step(IBP_2_8_IV1, 7),
                step(IBP_3_4_IV0, 8));
    }

    /** The StopReplica version the controller uses. */
    public short stopReplicaVersion() {
        return at(step(IBP_2_2_IV0, 1), step(IBP_2_4_IV1, 2), step(IBP_2_6_IV0, 3), step(IBP_3_4_IV0, 4));
    }

    /** The ControlledShutdown version a stopping broker uses. */
    public short controlledShutdownVersion() {
        return at(step(IBP_0_9_0, 1), step(IBP_2_2_IV0, 2), step(IBP_2_4_IV1, 3));
    }

    /** The version of group metadata values in {@code __consumer_offsets}. */
    public short groupMetadataValueVersion() {
        return at(step(IBP_0_10_1_IV0, 1), step(IBP_2_1_IV0, 2), step(IBP_2_3_IV0, 3));
    }

    private short at(Step... steps) {
        short result = 0;
        for (Step step : steps) {
            if (isAtLeast(step.from)) {
                result = step.value;
            }
        }
        return result;
    }

    private static Step step(ProtocolVersion from, int value) {
        return new Step(from, (short) value);
    }

    private record Step(ProtocolVersion from, short value) {}
}
