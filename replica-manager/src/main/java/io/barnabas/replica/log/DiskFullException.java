// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

import org.apache.kafka.common.errors.KafkaStorageException;

/**
 * A log directory has no room for records now. Nothing was changed, the directory stays online, and the same may succeed
 * once there is room; clients see a storage error, which they repeat.
 */
public final class DiskFullException extends KafkaStorageException {
    private static final long serialVersionUID = 1L;

    public DiskFullException(String message) {
        super(message);
    }
}
