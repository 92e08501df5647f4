// SPDX-License-Identifier: Apache-2.0
/** The records of {@code __consumer_offsets}: groups and committed offsets as the log keeps them. */
package io.barnabas.coordinator.group.record;
