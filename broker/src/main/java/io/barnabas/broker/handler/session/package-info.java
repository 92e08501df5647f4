// SPDX-License-Identifier: Apache-2.0
/**
 * What a client asks before it works: which APIs there are, who the brokers are, where partitions live, and a producer
 * id. Also the answers of every advertised API whose work is still to come.
 */
package io.barnabas.broker.handler.session;
