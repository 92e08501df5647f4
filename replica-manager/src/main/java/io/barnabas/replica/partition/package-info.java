// SPDX-License-Identifier: Apache-2.0
/**
 * One partition's role on this broker: leader or follower, in-sync replicas, high watermark, waiting produces and
 * fetches, fetch sessions. The deciders are plain code; one lock per partition guards role and append, and every effect
 * (completing a future, asking the controller, starting a fetcher) runs after it is released.
 */
package io.barnabas.replica.partition;
