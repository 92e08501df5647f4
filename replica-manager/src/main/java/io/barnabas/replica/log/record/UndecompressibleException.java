// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log.record;

import org.apache.kafka.common.KafkaException;

/**
 * The bytes of a batch are not what its header says they are compressed with. To clients an unknown error, as Kafka
 * says.
 */
public final class UndecompressibleException extends KafkaException {
    private static final long serialVersionUID = 1L;

    UndecompressibleException(String message, Throwable cause) {
        super(message, cause);
    }
}
