// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper;

import io.barnabas.coordination.event.Event;

/** What is told of the ephemeral nodes of this process. */
final class RegistrationEvents {
    private RegistrationEvents() {}

    /** A node of an earlier session of this process was removed. */
    record FormerRegistrationRemoved(String path, String why) implements Event {}
}
