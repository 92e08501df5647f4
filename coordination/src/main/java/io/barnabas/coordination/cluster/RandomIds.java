// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.cluster;

import java.util.UUID;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.Uuid;

/** Makes random ids (RFC 4122, version 4) from the chance it is given. As thread-safe as that is. */
public final class RandomIds {
    private static final long VERSION_MASK = 0xFFFF_FFFF_FFFF_0FFFL;
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT_MASK = 0x3FFF_FFFF_FFFF_FFFFL;
    private static final long VARIANT_RFC = 0x8000_0000_0000_0000L;

    private final RandomGenerator random;

    /** @param random secure, where nobody may guess the ids */
    public RandomIds(RandomGenerator random) {
        this.random = random;
    }

    /** An id in Java's form, as members of groups have. */
    public UUID javaUuid() {
        return new UUID(
                (random.nextLong() & VERSION_MASK) | VERSION_4, (random.nextLong() & VARIANT_MASK) | VARIANT_RFC);
    }

    /** An id in Kafka's form, as topics and clusters have; never one that is reserved or begins with a dash (KIP-516). */
    public Uuid uuid() {
        Uuid id;
        do {
            UUID made = javaUuid();
            id = new Uuid(made.getMostSignificantBits(), made.getLeastSignificantBits());
        } while (Uuid.RESERVED.contains(id) || id.toString().startsWith("-"));
        return id;
    }
}
