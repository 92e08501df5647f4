// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.config;

import org.apache.kafka.common.errors.InvalidRequestException;

/** Broker ids given as the names of resources. */
final class NodeIds {
    private NodeIds() {}

    /**
     * @param what Kafka's word for it where it is asked for
     * @throws InvalidRequestException where the name is no number
     */
    static int parse(String what, String name) {
        try {
            return Integer.parseInt(name);
        } catch (NumberFormatException e) {
            throw new InvalidRequestException(what + " id must be an integer, but it is: " + name, e);
        }
    }
}
