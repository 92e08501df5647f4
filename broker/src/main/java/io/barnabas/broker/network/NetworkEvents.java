// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.network;

import io.barnabas.coordination.event.Event;

/** What is told of the network. */
final class NetworkEvents {
    private NetworkEvents() {}

    /**
     * There was no memory to answer a request.
     *
     * @param request which, as shown
     * @param client whose, as shown
     */
    record OutOfMemory(String request, String client, String why) implements Event {}
}
