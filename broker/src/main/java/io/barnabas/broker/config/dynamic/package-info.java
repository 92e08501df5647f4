// SPDX-License-Identifier: Apache-2.0
/** Settings that change while the broker runs (KIP-226): its own and its topics', read from ZooKeeper and followed. */
package io.barnabas.broker.config.dynamic;
