// SPDX-License-Identifier: Apache-2.0
/**
 * The APIs of security and quotas. This broker has neither yet: they are answered as a Kafka broker answers that has
 * none configured.
 */
package io.barnabas.broker.handler.security;
