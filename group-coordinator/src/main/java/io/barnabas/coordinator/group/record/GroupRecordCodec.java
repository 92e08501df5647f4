// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group.record;

import io.barnabas.coordinator.group.CommittedOffset;
import io.barnabas.coordinator.group.GroupConfig.RecordVersions;
import io.barnabas.coordinator.group.record.GroupRecord.GroupDeleted;
import io.barnabas.coordinator.group.record.GroupRecord.GroupStored;
import io.barnabas.coordinator.group.record.GroupRecord.OffsetCommitted;
import io.barnabas.coordinator.group.record.GroupRecord.OffsetDeleted;
import io.barnabas.coordinator.group.record.GroupSnapshot.MemberSnapshot;
import io.barnabas.coordinator.group.record.RecordKey.GroupKey;
import io.barnabas.coordinator.group.record.RecordKey.OffsetKey;
import io.barnabas.coordinator.group.record.RecordKey.UnknownKey;
import io.barnabas.coordinator.record.CoordinatorRecord;
import io.barnabas.coordinator.record.FieldReader;
import io.barnabas.coordinator.record.FieldWriter;
import io.barnabas.coordinator.record.RecordCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * The records of {@code __consumer_offsets}, byte for byte as Kafka writes them. A key begins with a version that also
 * tells its kind: 0 and 1 a committed offset, 2 a group's metadata. A value begins with a version of its own; all up to
 * 4 (the first flexible one) are read.
 */
public final class GroupRecordCodec implements RecordCodec<GroupRecord> {
    private static final short OFFSET_KEY_VERSION = 1;
    private static final short GROUP_KEY_VERSION = 2;
    private static final short FLEXIBLE_VERSION = 4;
    private static final short HIGHEST_VERSION = 4;
    private static final short EXPIRING_OFFSET_VERSION = 1;

    private final RecordVersions versions;

    /** @param versions the versions values are written in */
    public GroupRecordCodec(RecordVersions versions) {
        this.versions = versions;
    }

    @Override
    public CoordinatorRecord encode(GroupRecord record) {
        if (record instanceof OffsetCommitted committed) {
            return offset(committed.groupId(), committed.partition(), committed.offset());
        } else if (record instanceof OffsetDeleted deleted) {
            return offsetTombstone(deleted.groupId(), deleted.partition());
        } else if (record instanceof GroupStored stored) {
            return group(stored.groupId(), stored.snapshot());
        } else {
            return groupTombstone(record.groupId());
        }
    }

    @Override
    public Optional<GroupRecord> decode(ByteBuffer key, ByteBuffer value) {
        RecordKey about = readKey(key);
        if (about instanceof OffsetKey offset) {
            return Optional.of(
                    value == null
                            ? new OffsetDeleted(offset.groupId(), offset.partition())
                            : new OffsetCommitted(offset.groupId(), offset.partition(), readOffset(value)));
        } else if (about instanceof GroupKey group) {
            return Optional.of(
                    value == null
                            ? new GroupDeleted(group.groupId())
                            : new GroupStored(group.groupId(), readGroup(value)));
        } else {
            return Optional.empty();
        }
    }

    CoordinatorRecord offset(String groupId, TopicPartition partition, CommittedOffset committed) {
        return new CoordinatorRecord(offsetKey(groupId, partition), offsetValue(committed));
    }

    CoordinatorRecord offsetTombstone(String groupId, TopicPartition partition) {
        return CoordinatorRecord.tombstone(offsetKey(groupId, partition));
    }

    CoordinatorRecord group(String groupId, GroupSnapshot snapshot) {
        return new CoordinatorRecord(groupKey(groupId), groupValue(snapshot));
    }

    CoordinatorRecord groupTombstone(String groupId) {
        return CoordinatorRecord.tombstone(groupKey(groupId));
    }

    /** Reads a key; one of an unknown version is told as such. */
    RecordKey readKey(ByteBuffer key) {
        ByteBuffer buffer = key.duplicate();
        short version = buffer.getShort();
        FieldReader reader = new FieldReader(buffer, false);
        if (version >= 0 && version <= OFFSET_KEY_VERSION) {
            String groupId = reader.string();
            return new OffsetKey(groupId, new TopicPartition(reader.string(), reader.int32()));
        }
        return version == GROUP_KEY_VERSION ? new GroupKey(reader.string()) : new UnknownKey(version);
    }

    /** @throws IllegalStateException if the version is unknown: a newer broker's data must not be dropped silently */
    CommittedOffset readOffset(ByteBuffer value) {
        ByteBuffer buffer = value.duplicate();
        short version = version(buffer, "offset commit");
        FieldReader reader = new FieldReader(buffer, version >= FLEXIBLE_VERSION);
        long offset = reader.int64();
        int leaderEpoch = version >= 3 ? reader.int32() : CommittedOffset.NO_LEADER_EPOCH;
        String metadata = reader.string();
        long commitTimestampMs = reader.int64();
        long expireTimestampMs = version == EXPIRING_OFFSET_VERSION ? reader.int64() : CommittedOffset.NO_EXPIRY;
        return new CommittedOffset(offset, leaderEpoch, metadata, commitTimestampMs, expireTimestampMs);
    }

    /** @throws IllegalStateException if the version is unknown */
    GroupSnapshot readGroup(ByteBuffer value) {
        ByteBuffer buffer = value.duplicate();
        short version = version(buffer, "group metadata");
        FieldReader reader = new FieldReader(buffer, version >= FLEXIBLE_VERSION);
        String protocolType = reader.string();
        int generationId = reader.int32();
        String protocolName = reader.string();
        String leaderId = reader.string();
        long stateTimestampMs = version >= 2 ? reader.int64() : GroupSnapshot.NO_TIMESTAMP;
        int memberCount = reader.arrayLength();
        List<MemberSnapshot> members = new ArrayList<>();
        for (int i = 0; i < memberCount; i++) {
            members.add(readMember(reader, version));
        }
        return new GroupSnapshot(protocolType, generationId, protocolName, leaderId, stateTimestampMs, members);
    }

    private static MemberSnapshot readMember(FieldReader reader, short version) {
        String memberId = reader.string();
        String groupInstanceId = version >= 3 ? reader.string() : null;
        String clientId = reader.string();
        String clientHost = reader.string();
        int first = reader.int32();
        int sessionTimeoutMs = version >= 1 ? reader.int32() : first;
        MemberSnapshot member = new MemberSnapshot(
                memberId,
                groupInstanceId,
                clientId,
                clientHost,
                first,
                sessionTimeoutMs,
                reader.bytes(),
                reader.bytes());
        reader.skipTaggedFields();
        return member;
    }

    private static short version(ByteBuffer buffer, String what) {
        short version = buffer.getShort();
        if (version < 0 || version > HIGHEST_VERSION) {
            throw new IllegalStateException("Unknown version " + version + " of a " + what + " record");
        }
        return version;
    }

    private static ByteBuffer offsetKey(String groupId, TopicPartition partition) {
        String topic = partition.topic();
        return new FieldWriter(10 + groupId.length() + topic.length())
                .int16(OFFSET_KEY_VERSION)
                .string(groupId)
                .string(topic)
                .int32(partition.partition())
                .done();
    }

    private static ByteBuffer groupKey(String groupId) {
        return new FieldWriter(4 + groupId.length())
                .int16(GROUP_KEY_VERSION)
                .string(groupId)
                .done();
    }

    private ByteBuffer offsetValue(CommittedOffset committed) {
        boolean expires = committed.expireTimestampMs() != CommittedOffset.NO_EXPIRY;
        short version = expires ? EXPIRING_OFFSET_VERSION : versions.offsetCommit();
        FieldWriter writer = new FieldWriter(32 + committed.metadata().length())
                .int16(version)
                .int64(committed.offset());
        if (version >= 3) {
            writer.int32(committed.leaderEpoch());
        }
        writer.string(committed.metadata()).int64(committed.commitTimestampMs());
        if (version == EXPIRING_OFFSET_VERSION) {
            writer.int64(committed.expireTimestampMs());
        }
        return writer.done();
    }

    private ByteBuffer groupValue(GroupSnapshot snapshot) {
        short version = versions.groupMetadata();
        FieldWriter writer = new FieldWriter(128 + 256 * snapshot.members().size())
                .int16(version)
                .string(snapshot.protocolType())
                .int32(snapshot.generationId())
                .nullableString(snapshot.protocolName())
                .nullableString(snapshot.leaderId());
        if (version >= 2) {
            writer.int64(snapshot.stateTimestampMs());
        }
        writer.int32(snapshot.members().size());
        for (MemberSnapshot member : snapshot.members()) {
            writeMember(writer, version, member);
        }
        return writer.done();
    }

    private static void writeMember(FieldWriter writer, short version, MemberSnapshot member) {
        writer.string(member.memberId());
        if (version >= 3) {
            writer.nullableString(member.groupInstanceId());
        }
        writer.string(member.clientId()).string(member.clientHost());
        if (version >= 1) {
            writer.int32(member.rebalanceTimeoutMs());
        }
        writer.int32(member.sessionTimeoutMs()).bytes(member.subscription()).bytes(member.assignment());
    }
}
