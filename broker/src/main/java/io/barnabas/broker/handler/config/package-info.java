// SPDX-License-Identifier: Apache-2.0
/**
 * Describes and alters configuration: DescribeConfigs, AlterConfigs, IncrementalAlterConfigs. Any broker alters topics
 * and the defaults of all brokers; what is one broker's own, its log levels among it, that broker alone.
 */
package io.barnabas.broker.handler.config;
