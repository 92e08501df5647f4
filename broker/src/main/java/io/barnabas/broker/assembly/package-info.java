// SPDX-License-Identifier: Apache-2.0
/**
 * How a broker is put together: one assembly for each floor, each taking the one below it and the
 * {@link io.barnabas.broker.platform.Platform}. Nothing here decides anything.
 */
package io.barnabas.broker.assembly;
