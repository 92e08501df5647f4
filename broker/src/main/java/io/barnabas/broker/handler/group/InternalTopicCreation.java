// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.group;

/** Has internal topics created. Implemented by whoever can reach the controller. */
@FunctionalInterface
public interface InternalTopicCreation {
    /**
     * Starts the creation of an internal topic with its own settings, unless that is under way already. Returns at once;
     * whether it works out shows in the metadata.
     */
    void create(String topic);
}
