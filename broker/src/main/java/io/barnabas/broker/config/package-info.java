// SPDX-License-Identifier: Apache-2.0
/**
 * What the operator wrote, checked, and handed to each room as one small immutable record per concern.
 *
 * <p>The keys, their types, defaults and limits are facts kept in two tables beside this package's classes
 * ({@code broker-keys.tsv}, {@code topic-keys.tsv}); a test compares them with Apache Kafka 3.9.2, another keeps
 * {@code docs/configuration.md} in step with them.
 */
package io.barnabas.broker.config;
