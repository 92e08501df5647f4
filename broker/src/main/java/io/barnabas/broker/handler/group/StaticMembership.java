// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.group;

import org.apache.kafka.common.protocol.Errors;

/** Static members are let in only when every broker of the cluster keeps their instance ids. */
final class StaticMembership {
    private StaticMembership() {}

    /** @throws org.apache.kafka.common.errors.UnsupportedVersionException if the member is static, and must not be */
    static void check(String groupInstanceId, boolean allowed) {
        if (groupInstanceId != null && !allowed) {
            throw Errors.UNSUPPORTED_VERSION.exception();
        }
    }
}
