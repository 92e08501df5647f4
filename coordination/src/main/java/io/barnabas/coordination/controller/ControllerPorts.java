// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.controller;

import io.barnabas.coordination.event.EventSink;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.Uuid;

/**
 * What a controller needs of the broker it runs on.
 *
 * @param sender carries its orders to brokers
 * @param rules what topics may be like, and their defaults
 * @param random chooses where assignments of new topics begin
 * @param topicIds an id no topic has had (KIP-516)
 * @param executor the loop's thread: one thread, used by nothing else; the caller shuts it down after the controller
 * @param events takes note of what is decided
 * @param known told who the controller is, whenever that is read
 */
public record ControllerPorts(
        BrokerCommandSender sender,
        TopicRules rules,
        RandomGenerator random,
        Supplier<Uuid> topicIds,
        ScheduledExecutorService executor,
        EventSink events,
        KnownController known) {}
