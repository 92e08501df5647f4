// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

/**
 * A note that an entity's configuration changed.
 *
 * @param sequence its number, counted by the store
 * @param entity whose configuration
 */
public record ConfigChange(long sequence, ConfigEntity entity) {}
