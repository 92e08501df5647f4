// SPDX-License-Identifier: Apache-2.0
/**
 * The requests of transactions: from producers to their coordinator, from the coordinator to the partitions' leaders
 * (markers), from leaders back to the coordinator (verification), and for administrators.
 */
package io.barnabas.broker.handler.transaction;
