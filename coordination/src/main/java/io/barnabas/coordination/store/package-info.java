// SPDX-License-Identifier: Apache-2.0
/**
 * What the coordination store does for a broker, as small roles in our own words: asynchronous, conditional, bounded.
 * Nothing here knows ZooKeeper; {@code coordination.zookeeper} implements it.
 */
package io.barnabas.coordination.store;
