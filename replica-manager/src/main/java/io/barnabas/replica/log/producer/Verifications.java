// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.producer;

import io.barnabas.replica.log.VerificationGuard;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.record.RecordBatch;

/** The verifications under way, one per producer at most. Owned by {@link ProducerStates}. */
final class Verifications {
    private final Map<Long, Verification> byProducer = new HashMap<>(4);

    private record Verification(VerificationGuard guard, short epoch, int lowestSequence, long sinceMs) {
        Verification with(short otherEpoch, int sequence) {
            boolean lower = otherEpoch > epoch || (otherEpoch == epoch && sequence < lowestSequence);
            return lower ? new Verification(guard, otherEpoch, sequence, sinceMs) : this;
        }
    }

    /** The producer's guard, made when there is none. */
    VerificationGuard start(long producerId, short epoch, int sequence, long nowMs) {
        Verification verification = byProducer.get(producerId);
        verification = verification == null
                ? new Verification(VerificationGuard.create(), epoch, sequence, nowMs)
                : verification.with(epoch, sequence);
        byProducer.put(producerId, verification);
        return verification.guard();
    }

    boolean isCurrent(long producerId, VerificationGuard guard) {
        Verification verification = byProducer.get(producerId);
        return verification != null && verification.guard() == guard;
    }

    /** The lowest sequence that waits to be appended, {@link RecordBatch#NO_SEQUENCE} if none does. */
    int lowestSequence(long producerId) {
        Verification verification = byProducer.get(producerId);
        return verification == null ? RecordBatch.NO_SEQUENCE : verification.lowestSequence();
    }

    /** The transaction began, or ended: guards handed out before are worth nothing. */
    void forget(long producerId) {
        if (!byProducer.isEmpty()) {
            byProducer.remove(producerId);
        }
    }

    void removeOlderThan(long ageMs, long nowMs) {
        byProducer.values().removeIf(verification -> nowMs - verification.sinceMs() >= ageMs);
    }
}
