// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.config;

import io.barnabas.coordination.event.Event;
import java.util.Set;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Configuration was altered by request.
 *
 * @param type of what
 * @param name its name; empty for the default of all brokers
 * @param keys which keys; values are not told, as they may be secrets
 */
record ConfigAltered(ConfigResource.Type type, String name, Set<String> keys, String why) implements Event {}
