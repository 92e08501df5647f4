// SPDX-License-Identifier: Apache-2.0
/**
 * This broker as a member of its cluster: which cluster and id it has, its registration and epoch in every session, and
 * whether it can know that it still has the roles it was given.
 */
package io.barnabas.broker.membership;
