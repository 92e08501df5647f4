// SPDX-License-Identifier: Apache-2.0
/**
 * The replica manager as the floors above see it: appending, fetching, listing offsets, and the controller's orders,
 * all in our own words. What implements it lives in {@code replica.partition}, {@code replica.fetch} and
 * {@code replica.log}; of those only
 * {@code replica.log} lends words to it.
 */
package io.barnabas.replica;
