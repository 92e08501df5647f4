// SPDX-License-Identifier: Apache-2.0
/**
 * What is known of the whole cluster: brokers and how they stand, topics, assignments, partition states with their
 * versions, reassignments and deletions. It knows nothing of controllers and terms, so that any broker can keep one.
 */
package io.barnabas.coordination.picture;
