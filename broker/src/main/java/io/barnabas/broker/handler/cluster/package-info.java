// SPDX-License-Identifier: Apache-2.0
/**
 * What a client asks of the cluster before it works: which APIs there are, who the brokers are, where partitions live,
 * which features are finalized.
 */
package io.barnabas.broker.handler.cluster;
